// Posts a body with fetch, as programs for Node.js and browsers do.
const [, , address, body] = process.argv;
for (let asked = 0; asked < 2; asked++) {
  const response = await fetch(address, { method: "POST", body });
  console.log(response.status, await response.text());
}
