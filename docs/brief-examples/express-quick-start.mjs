import express from 'express';
import { ExpressUsageFlowAPI } from '@usageflow/express';
const app = express();
const port = process.env.PORT || 4001;
// Initialize UsageFlow
const usageFlow = new ExpressUsageFlowAPI();
usageFlow.init('YOUR_API_KEY');
// Create middleware
const middleware = usageFlow.createMiddleware(
[{ method: '*', url: '*' }],
[{ method: 'GET', url: '/api/health' }]
);
// Use the middleware
app.use(middleware);
// Your routes here
app.get('/api/users', (req, res) => {
res.json([{ id: 1, name: 'John Doe' }]);
});
