/** Stands in for NodeWebSocket where the platform has a WebSocket. */
export class NodeWebSocket {
  constructor(_url: string) {
    throw new Error('There is no WebSocket on this platform; pass one as the option webSocket.');
  }
}
