// Evaluates expressions with npm's jsonata: a JSON object a line, with expression and states, gives a JSON object a line,
// with value or error; neither means that what was asked for does not exist.
const crypto = require('crypto');
const jsonata = require('jsonata');

const lines = require('fs').readFileSync(0, 'utf8').split('\n').filter((line) => line !== '');

(async () => {
  for (const line of lines) {
    const { expression, states } = JSON.parse(line);
    const answer = {};
    try {
      const compiled = jsonata(expression);
      // The one function here that Step Functions adds to the language.
      compiled.registerFunction('hash', (data, algorithm) => crypto.createHash(algorithm.replace('-', '')).update(data).digest('hex'), '<ss:s>');
      answer.value = await compiled.evaluate(undefined, { states });
    } catch (error) {
      answer.error = error.message;
    }
    console.log(JSON.stringify(answer));
  }
})();
