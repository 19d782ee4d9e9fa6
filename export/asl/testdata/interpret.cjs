// Runs a state machine in npm's aws-local-stepfunctions, with calls to AWS Batch going to an endpoint. It reads the machine
// from standard input and prints how the execution ended: {"output": …} or {"error": name, "cause": text}.
const { readFileSync } = require('fs');

// The interpreter is written for Node.js 22, and needs no more of it than this.
Promise.withResolvers ??= () => {
  const out = {};
  out.promise = new Promise((resolve, reject) => Object.assign(out, { resolve, reject }));
  return out;
};
const paths = require('jsonpath-plus');
const { StateMachine } = require('aws-local-stepfunctions');

// A path with a wildcard that finds nothing gives an empty list in Step Functions, and is an error in the interpreter.
const { JSONPath } = paths;
paths.JSONPath = (query) => {
  const found = JSONPath(query);
  return found === undefined && query.path.includes('[*]') ? [] : found;
};

const endpoint = process.argv[2];
const machine = JSON.parse(readFileSync(0, 'utf8'));

// spelled changes the first letter of each name, but of those that people have given.
const spelled = (value, letter) => {
  if (Array.isArray(value)) return value.map((v) => spelled(v, letter));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, v]) =>
    [letter(name[0]) + name.slice(1), ['tags', 'parameters'].includes(name.toLowerCase()) ? v : spelled(v, letter)]));
};

const failure = (name, message) => Object.assign(new Error(message), { name });

// call makes a call as an integration does; base names what has no exception of its own.
const call = async (operation, base, input) => {
  const answer = await fetch(`${endpoint}/v1/${operation.toLowerCase()}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(spelled(input, (c) => c.toLowerCase())),
  }).catch((error) => { throw failure('Batch.SdkClientException', error.message); });
  const body = await answer.json();
  if (answer.ok) return spelled(body, (c) => c.toUpperCase());
  const code = answer.headers.get('X-Amzn-ErrorType').split(':')[0];
  throw failure(`Batch.${['ClientException', 'ServerException'].includes(code) ? code : base}`, body.message);
};

const sleep = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

// sync submits a job as the .sync integration does, and waits for its end.
const sync = async (input) => {
  const overrides = { ...input.ContainerOverrides };
  overrides.Environment = [...(overrides.Environment ?? []), { Name: 'MANAGED_BY_AWS', Value: 'STARTED_BY_STEP_FUNCTIONS' }];
  const { JobId } = await call('submitJob', 'AWSBatchException', { ...input, ContainerOverrides: overrides });
  for (;;) {
    await sleep(10);
    const [job] = (await call('describeJobs', 'AWSBatchException', { Jobs: [JobId] }).catch(() => ({ Jobs: [] }))).Jobs;
    if (job?.Status === 'SUCCEEDED') return job;
    if (job?.Status === 'FAILED') throw failure('States.TaskFailed', JSON.stringify(job));
  }
};

const taskResourceLocalHandlers = {};
const waitTimeOverrides = {};
const retryIntervalOverrides = {};

// absent spells rules that hold where nothing is in a way that the interpreter knows.
const absent = (rule) => {
  if (rule.IsPresent === false) return { Not: { ...rule, IsPresent: true, Next: undefined }, Next: rule.Next };
  return { ...rule, And: rule.And?.map(absent), Or: rule.Or?.map(absent) };
};

const prepare = (states) => {
  for (const [name, state] of Object.entries(states)) {
    const integration = state.Resource?.split(':states:::')[1];
    if (integration === 'batch:submitJob.sync') taskResourceLocalHandlers[name] = sync;
    else if (integration) taskResourceLocalHandlers[name] = (input) => call(integration.split(':')[2], 'BatchException', input);
    if (state.Choices) state.Choices = JSON.parse(JSON.stringify(state.Choices.map(absent))); // without what is undefined
    if (state.Type === 'Wait') waitTimeOverrides[name] = 10;
    if (state.Retry) retryIntervalOverrides[name] = 50;
    if (state.CausePath?.startsWith('States.')) { // the interpreter knows functions in payloads only
      states[`${name} `] = { Type: 'Fail', Error: state.Error, CausePath: '$' };
      states[name] = { Type: 'Pass', Parameters: { 'cause.$': state.CausePath }, OutputPath: '$.cause', Next: `${name} ` };
    }
    (state.Branches ?? []).forEach((branch) => prepare(branch.States));
  }
};
prepare(machine.States);

const options = {
  overrides: { taskResourceLocalHandlers, waitTimeOverrides, retryIntervalOverrides },
  context: { Execution: { Id: 'arn:aws:states:us-east-1:123456789012:execution:machine:run' } },
};
new StateMachine(machine).run({}, options).result.then(
  (output) => console.log(JSON.stringify({ output })),
  (error) => console.log(JSON.stringify({ error: error.cause?.name ?? error.name, cause: error.cause?.message ?? error.message })),
);
