const usageFlow = new ExpressUsageFlowAPI({
rateLimits: {
'/api/users': {
limit: 1000,
window: '1h',
},
},
});
