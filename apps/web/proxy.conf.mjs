const target = `http://localhost:${process.env.API_PORT || 3000}`;

export default {
  '/api': { target },
  '/docs': { target },
  '/socket.io': { target, ws: true },
};
