const whitelistRoutes = [
{ method: 'GET', url: '/api/health' },
{ method: 'GET', url: '/metrics' },
{ method: '*', url: '/internal/*' },
];
