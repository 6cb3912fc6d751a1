// A Node service over gRPC (@grpc/grpc-js): a batch that waits for its issue, then a stream of events with back-pressure.
// usage: node grpc_client.js ADDRESS DSN PROTO_FOLDER EVENTS; prints one JSON line.
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [address, dsn, folder, count] = process.argv.slice(2);
const definition = loader.loadSync("mishap/v1/ingest_service.proto", { includeDirs: [folder], enums: String, longs: Number });
const { mishap } = grpc.loadPackageDefinition(definition);
const client = new mishap.v1.IngestService(address, grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
metadata.set("sentry-dsn", dsn);

function eventOf(i) {
  return {
    platform: "node", level: "LEVEL_ERROR", release: "node-service@1.0", environment: "test",
    tags: { worker: String(i % 4) }, extraJson: { attempt: JSON.stringify({ number: i }) },
    exceptions: [{
      type: "TypeError", value: `cannot read property ${i} of undefined`, mechanism: { type: "generic", handled: true },
      stacktrace: { frames: Array.from({ length: 12 }, (_, n) => ({
        function: `step${n}`, module: `service/module${n}`, filename: `/app/service/module${n}.js`, lineno: 10 + n, colno: 5, inApp: n > 5,
        contextLine: "    const value = source[index].property;", preContext: ["function step(source, index) {"], postContext: ["}"],
      })) },
    }],
  };
}

function capture(request) {
  return new Promise((resolve, reject) => client.capture(request, metadata, (error, answer) => (error ? reject(error) : resolve(answer))));
}

function captureStream(total) {
  return new Promise((resolve, reject) => {
    const stream = client.captureStream(metadata, (error, answer) => (error ? reject(error) : resolve(answer)));
    let sent = 0;
    const write = () => {
      while (sent < total) if (!stream.write({ event: eventOf(sent++) })) return stream.once("drain", write);
      stream.end();
    };
    write();
  });
}

async function main() {
  const batch = await capture({ events: [eventOf(0)], waitForIssues: true });
  const started = process.hrtime.bigint();
  const answer = await captureStream(Number(count));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const outcomes = {};
  for (const result of answer.results) outcomes[result.outcome] = (outcomes[result.outcome] || 0) + 1;
  let refusal = null;
  try {
    const nobody = new grpc.Metadata();
    await new Promise((resolve, reject) => client.capture({ events: [eventOf(0)] }, nobody, (e, a) => (e ? reject(e) : resolve(a))));
  } catch (error) {
    refusal = { code: error.code, details: error.details };
  }
  console.log(JSON.stringify({ shortId: batch.results[0].issueShortId, seconds, outcomes, refusal }));
  client.close();
}

main().catch((error) => { console.error(error); process.exit(1); });
