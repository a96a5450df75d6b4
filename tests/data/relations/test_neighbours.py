"""Where to look for related tables, by what a database declares and by names."""

from modelwright.data.relations.neighbours import MOST_TABLES, find_neighbours, unreadable
from modelwright.data.sources.catalogue import Catalogue, ForeignKey


def ways(catalogue, table="orders"):
    return {each.name: (each.table, each.key) for each in find_neighbours(catalogue, table)}


def test_declared_keys_lead_to_parents_children_and_siblings():
    shop = Catalogue(
        dict.fromkeys(("orders", "customers", "items", "visits", "far"), ("id",)),
        (
            ForeignKey("orders", ("customer",), "customers", ("id",)),
            ForeignKey("items", ("order_id",), "orders", ("id",)),
            ForeignKey("visits", ("who",), "customers", ("id",)),
            ForeignKey("orders", ("previous",), "orders", ("id",)),
            ForeignKey("far", ("item",), "items", ("id",)),
        ),
    )
    assert ways(shop) == {
        "customers": ("customers", ("customer = id",)),
        "items": ("items", ("id = order_id",)),
        "visits": ("visits", ("customer = who",)),
        "far": ("far", ("id = item",)),
    }


def test_two_keys_to_one_table_have_a_name_each():
    games = Catalogue(
        {"games": ("home", "away"), "x.Odd-Teams": ("id",)},
        (
            ForeignKey("games", ("home",), "x.Odd-Teams", ("id",)),
            ForeignKey("games", ("away",), "x.Odd-Teams", ("id",)),
        ),
    )
    assert set(ways(games, "games")) == {"Odd_Teams_by_home", "Odd_Teams_by_away"}


def test_names_count_only_where_no_key_is_declared_and_an_id_alone_says_nothing():
    shop = Catalogue(
        {
            "orders": ("id", "sku", "customer_id", "country"),
            "stock": ("id", "sku", "country"),
            "customers": ("id", "customer_id"),
        },
        (ForeignKey("orders", ("customer_id",), "customers", ("id",)),),
    )
    assert ways(shop) == {
        "customers": ("customers", ("customer_id = id",)),
        "stock": ("stock", ("sku",)),
    }


def test_keys_written_otherwise_and_ids_of_a_table_lead_there_undeclared():
    shop = Catalogue(
        {
            "Orders": ("OrderID", "CustomerID", "paid"),
            "crm.customers": ("id", "name"),
            "calls": ("customer_id", "at"),
        },
        (),
    )
    assert ways(shop, "Orders") == {
        "customers": ("crm.customers", ("CustomerID = id",)),
        "calls": ("calls", ("CustomerID = customer_id",)),
    }
    assert ways(shop, "crm.customers")["calls"] == ("calls", ("id = customer_id",))


def test_a_key_that_the_brief_cannot_say_is_left_out_and_so_are_too_many():
    many = Catalogue(
        {"orders": ("a=b_id", "x_id"), **{f"t{i}": ("a=b_id", "x_id") for i in range(20)}}, ()
    )
    found = find_neighbours(many, "orders")
    assert len(found) == MOST_TABLES
    assert {each.columns for each in found} == {("x_id",)}


def test_of_several_columns_of_the_same_name_the_values_say_which_lead_there():
    shop = Catalogue(
        {"lines": ("order_id", "line_no", "note"), "sent": ("order_id", "line_no", "note")}, ()
    )
    (found,) = find_neighbours(shop, "lines")
    assert (found.columns, found.key) == (("order_id", "line_no"), ())


def test_a_primary_key_of_the_same_names_leads_there_undeclared_but_a_bare_id_does_not():
    clinic = Catalogue(
        {
            "orders": ("id", "site", "room", "region", "seen"),
            "rooms": ("site", "room", "kind"),
            "regions": ("region", "people"),
            "floors": ("site", "floor", "size"),
            "notes": ("id", "text"),
            "beds": ("site", "room", "bed"),
        },
        (),
        {
            "orders": ("id",),
            "rooms": ("site", "room"),
            "regions": ("region",),
            "floors": ("site", "floor"),
            "notes": ("id",),
        },
    )
    assert ways(clinic) == {
        "rooms": ("rooms", ("site", "room")),
        "regions": ("regions", ("region",)),
        "beds": ("beds", ("site", "room")),
    }
    assert ways(clinic, "rooms")["beds"] == ("beds", ("site", "room"))


def test_tables_that_the_user_may_not_read_are_no_neighbours_but_are_told():
    shop = Catalogue(
        {"orders": ("id", "customer"), "visits": ("who",)},
        (
            ForeignKey("orders", ("customer",), "hidden.customers", ("id",)),
            ForeignKey("visits", ("who",), "hidden.customers", ("id",)),
            ForeignKey("hidden.notes", ("order_id",), "orders", ("id",)),
        ),
    )
    assert ways(shop) == {"visits": ("visits", ("customer = who",))}
    assert unreadable(shop, "orders") == ("hidden.customers", "hidden.notes")


def test_from_each_neighbour_keys_lead_one_step_further():
    shop = Catalogue(
        dict.fromkeys(("orders", "customers", "a.regions", "b.regions", "items", "visits"), ("id",))
        | {"products": ("sku", "maker_id"), "far": ("id",)},
        (
            ForeignKey("orders", ("customer",), "customers", ("id",)),
            ForeignKey("customers", ("region",), "a.regions", ("id",)),
            ForeignKey("customers", ("born_in",), "b.regions", ("id",)),
            ForeignKey("items", ("order_id",), "orders", ("id",)),
            ForeignKey("items", ("what",), "products", ("sku",)),
            ForeignKey("visits", ("who",), "customers", ("id",)),
            ForeignKey("far", ("of",), "products", ("sku",)),
        ),
    )
    found = find_neighbours(shop, "orders")
    assert {each.name for each in found if not each.via} == {"customers", "items", "visits"}
    assert {(each.name, each.table, each.via, each.key) for each in found if each.via} == {
        ("regions", "a.regions", "customers", ("region = id",)),
        ("regions_via_customers", "b.regions", "customers", ("born_in = id",)),
        ("products", "products", "items", ("what = sku",)),
    }
