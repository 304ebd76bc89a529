import fastify from 'fastify';
import { FastifyUsageFlowAPI } from '@usageflow/fastify';
const app = fastify();
const usageFlow = new FastifyUsageFlowAPI();
// Initialize UsageFlow
usageFlow.init('YOUR_API_KEY');
// Register UsageFlow plugin
app.register(
usageFlow.createPlugin(
[{ method: '*', url: '*' }],
[{ method: 'GET', url: '/api/health' }]
)
);
