// Express.js example
app.use((err, req, res, next) => {
// UsageFlow will automatically track this error
res.status(500).json({ error: 'Internal Server Error' });
});
