def test_a_bundle_alone_has_no_dashboard(call):
    done = call("serve", "bundle", "--ui")
    assert done.code == 2
    assert "A bundle alone has no dashboard: name its --workspace." in done.err
