// SPDX-License-Identifier: GPL-2.0-only
// A DLMS meter made of Gurux's library: what a client meets over TCP.

import gurux.dlms.GXServerReply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Arguments: name=value, see Options. Prints where it listens; answers 'usage' on its standard input
 * with what it has used so far, and ends with it.
 */
public class GuruxMeter {
  private final Options options;
  // a device serves one connection; building one is dear, so they are used again
  private final ConcurrentLinkedQueue<GuruxDevice> free = new ConcurrentLinkedQueue<>();

  private GuruxMeter(Options options) {
    this.options = options;
  }

  public static void main(String[] args) throws Exception {
    GuruxMeter meter = new GuruxMeter(Options.of(args));
    ServerSocket listening =
        new ServerSocket(meter.options.number("port", 0), 128, InetAddress.getByName("127.0.0.1"));
    Thread.ofPlatform().daemon().start(() -> meter.accept(listening));
    System.out.println("listening on 127.0.0.1:" + listening.getLocalPort());
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    while (in.readLine() instanceof String line) {
      if (line.equals("usage")) {
        System.out.println(Usage.line());
      }
    }
    System.exit(0);
  }

  private void accept(ServerSocket listening) {
    while (true) {
      try {
        Socket socket = listening.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    GuruxDevice device = free.poll();
    if (device == null) {
      device = GuruxDevice.of(options);
    }
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[8192];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        GXServerReply reply = new GXServerReply(Arrays.copyOf(buffer, count));
        trace("<", reply.getData());
        do {
          device.handleRequest(reply);
          if (reply.getReply() != null) {
            trace(">", reply.getReply());
            socket.getOutputStream().write(reply.getReply());
            reply.setData(null);
          }
        } while (reply.isStreaming());
      }
      device.reset();
      free.add(device);
    } catch (Exception e) {
      if (!(e instanceof IOException)) {
        e.printStackTrace();
      }
    }
  }

  /** trace=1 shows the bytes on standard error. */
  private void trace(String way, byte[] bytes) {
    if (options.has("trace")) {
      System.err.println(way + " " + HexFormat.of().formatHex(bytes));
    }
  }
}
