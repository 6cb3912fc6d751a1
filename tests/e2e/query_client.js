// QueryService from Node: walks the issues of one tag in pages of two, resolves the first, asks a wrong question. Prints JSON.
// usage: node query_client.js HOST:PORT TOKEN PROTO_FOLDER
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [address, token, folder] = process.argv.slice(2);
const options = { keepCase: true, longs: Number, enums: String, defaults: true, includeDirs: [folder] };
const { mishap } = grpc.loadPackageDefinition(loader.loadSync("mishap/v1/query_service.proto", options));
const client = new mishap.v1.QueryService(address, grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
metadata.set("authorization", `Bearer ${token}`);

function call(method, request) {
  return new Promise((resolve, reject) => {
    client[method](request, metadata, { deadline: Date.now() + 20_000 }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

async function main() {
  const issues = [];
  let pages = 0;
  let page_token = "";
  do {
    const answer = await call("ListIssues", { parent: "organizations/default", filter: "client:node", page_size: 2, page_token });
    issues.push(...answer.issues);
    pages += 1;
    page_token = answer.next_page_token;
  } while (page_token);
  const done = await call("UpdateIssue", {
    issue: { name: issues[0].name, status: "ISSUE_STATUS_RESOLVED" },
    update_mask: { paths: ["status"] },
    read_mask: { paths: ["status"] },
  });
  const refusal = await call("ListIssues", { parent: "organizations/default", filter: "is:wrong" }).catch((error) => error);
  const distinct = new Set(issues.map((issue) => issue.name)).size;
  const told = { code: refusal.code, details: refusal.details };
  console.log(JSON.stringify({ pages, issues: issues.length, distinct, resolved: done.status, refusal: told }));
  client.close();
}

main();
