// A conversation with `gradstep dap` by the protocol's own test client. Arguments: where the npm modules are, the
// Python, a file that runs the adapter, the script, a line of it, a script that fails. Prints "ok" at the end.
const [modules, python, adapter, script, line, failing] = process.argv.slice(2);
const assert = require("assert");
const path = require("path");
const { DebugClient } = require(path.join(modules, "@vscode", "debugadapter-testsupport"));

const start = async () => {
  const dc = new DebugClient(python, adapter, "gradstep", { cwd: path.dirname(failing) });
  dc.defaultTimeout = 90000;
  await dc.start();
  return dc;
};

async function hitBreakpointsAndStepBack() {
  const dc = await start();
  await dc.hitBreakpoint({ program: script, args: ["--iterations", "2"] }, { path: script, line: Number(line) });
  const stack = await dc.stackTraceRequest({ threadId: 1 });
  const scopes = await dc.scopesRequest({ frameId: stack.body.stackFrames[0].id });
  assert.ok(scopes.body.scopes.length >= 5);
  const first = await dc.variablesRequest({ variablesReference: scopes.body.scopes[0].variablesReference });
  assert.ok(first.body.variables.some((one) => one.name === "z⁽¹⁾" && one.value === "1.124"));
  await Promise.all([dc.stepInRequest({ threadId: 1 }), dc.waitForEvent("stopped")]);
  await Promise.all([dc.stepBackRequest({ threadId: 1 }), dc.assertStoppedLocation("breakpoint", { path: script, line: Number(line) })]);
  const value = await dc.evaluateRequest({ expression: "z1 + 1", context: "watch" });
  assert.strictEqual(value.body.result, "2.124");
  await dc.setBreakpointsRequest({ source: { path: script }, breakpoints: [] });
  await Promise.all([dc.continueRequest({ threadId: 1 }), dc.waitForEvent("terminated")]);
  await dc.stop();
}

async function runToTheEnd() {
  const dc = await start();
  await Promise.all([
    dc.configurationSequence(),
    dc.launch({ program: script }),
    dc.assertOutput("stdout", "Tiny(\n  (hidden_layer): Linear(in_features=1"),
    dc.waitForEvent("exited").then((event) => assert.strictEqual(event.body.exitCode, 0)),
    dc.waitForEvent("terminated"),
  ]);
  await dc.stop();
}

async function stopAtAnError() {
  const dc = await start();
  await Promise.all([
    dc.waitForEvent("initialized").then(() => dc.setExceptionBreakpointsRequest({ filters: ["uncaught"] }))
      .then(() => dc.configurationDoneRequest()),
    dc.launch({ program: failing }),
    dc.assertStoppedLocation("exception", { path: failing, line: 2 }),
  ]);
  const told = await dc.exceptionInfoRequest({ threadId: 1 });
  assert.strictEqual(told.body.exceptionId, "RuntimeError");
  await assert.rejects(dc.send("nonsense"), /knows no request/);
  await dc.stop();
}

(async () => {
  await hitBreakpointsAndStepBack();
  await runToTheEnd();
  await stopAtAnError();
  console.log("ok");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
