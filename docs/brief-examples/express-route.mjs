app.post("/api/chat", async (req, res) => {
await recordUsage(req.user.id);
res.send({ message: "Response generated" });
});
