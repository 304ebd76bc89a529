// The API of UsageFlow, as far as set-up and check need it.

const { USAGEFLOW_URL = 'http://127.0.0.1:4400', USAGEFLOW_API_KEY = '' } = process.env

export async function ask(method, what, body) {
  const answer = await fetch(`${USAGEFLOW_URL}/api/v1/${what}`, {
    method,
    headers: {
      'x-usageflow-api-key': USAGEFLOW_API_KEY,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  if (!answer.ok) {
    const failure = new Error(`${method} ${what}: ${await answer.text()}`)
    throw Object.assign(failure, { status: answer.status })
  }
  return answer.json()
}

/** Makes what is not there yet. */
export async function make(what, body) {
  await ask('POST', what, body).catch((error) => {
    if (error.status !== 409) throw error
  })
}
