from flask import Flask
from usageflow.flask import FlaskUsageFlowAPI
app = Flask(__name__)
usage_flow = FlaskUsageFlowAPI()
# Initialize UsageFlow
usage_flow.init('YOUR_API_KEY')
# Create and apply middleware
middleware = usage_flow.request_interceptor(
routes=[{'method': '*', 'url': '*'}],
whitelist_routes=[{'method': 'GET', 'url': '/api/health'}]
)
middleware(app)
