import requests
import uuid
def record_usage(customer_id):
    url = "https://your-domain.com/api/track"
    headers = {
        "Content-Type": "application/json",
        "x-usageflow-api-key": "YOUR_API_KEY",
        "Idempotency-Key": str(uuid.uuid4())
    }
    payload = {
        "metric": "API_CALL",
        "amount": 1,
        "customerId": customer_id
    }
    requests.post(url, json=payload, headers=headers)
