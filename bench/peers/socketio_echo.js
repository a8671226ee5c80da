// An echo and a room with the `socket.io` package: node socketio_echo.js PORT
const { Server } = require("socket.io");

const server = new Server(Number(process.argv[2]), {
  transports: ["websocket"],
  perMessageDeflate: false,
  serveClient: false,
});
server.on("connection", (socket) => {
  socket.on("echo", (text) => socket.emit("echo", text));
  socket.on("sub", () => {
    socket.join("room");
    socket.emit("ok");
  });
  socket.on("pub", (text) => server.to("room").emit("news", text));
});
