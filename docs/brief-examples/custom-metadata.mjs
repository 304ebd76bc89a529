// Express.js example
app.use((req, res, next) => {
req.usageflow = {
metadata: {
customField: 'value',
userId: req.user?.id,
},
};
next();
});
