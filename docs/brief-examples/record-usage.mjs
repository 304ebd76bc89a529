import fetch from "node-fetch";
import crypto from "crypto";
async function recordUsage(customerId) {
await fetch("https://your-domain.com/api/track", {
method: "POST",
headers: {
"Content-Type": "application/json",
"x-usageflow-api-key": process.env.USAGEFLOW_API_KEY,
"Idempotency-Key": crypto.randomUUID(),
},
body: JSON.stringify({
metric: "API_CALL",
amount: 1,
customerId: customerId,
}),
});
}
