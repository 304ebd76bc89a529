from fastapi import FastAPI
from usageflow.fastapi import FastAPIUsageFlowAPI
app = FastAPI()
usage_flow = FastAPIUsageFlowAPI()
# Initialize UsageFlow
usage_flow.init('YOUR_API_KEY')
# Create middleware
middleware = usage_flow.request_interceptor(
routes=[{'method': '*', 'url': '*'}],
whitelist_routes=[{'method': 'GET', 'url': '/api/health'}]
)
# Add middleware to app
app.add_middleware(middleware)
