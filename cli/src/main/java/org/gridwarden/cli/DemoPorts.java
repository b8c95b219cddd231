package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** Finds ports for the demo: the usual one where nobody has it, else a free one, and says so. */
final class DemoPorts {
  private DemoPorts() {}

  /**
   * The port to use.
   *
   * @param asked what the user wants, who is then not given another
   * @throws Failure where that is taken
   */
  static int choose(
      String what, String option, @Nullable Integer asked, int usual, PrintWriter err) {
    if (asked != null) {
      if (asked < 0 || asked > 65_535) {
        throw new Failure(option + " is 0 to 65535, not " + asked, Gridwarden.WRONG_INPUT);
      }
      if (asked != 0 && !free(asked)) {
        throw new Failure(
            "port "
                + asked
                + " of 127.0.0.1 is taken by another program; stop that one, or name another with "
                + option
                + " (0: any free one)");
      }
      return asked;
    }
    if (free(usual)) {
      return usual;
    }
    err.println(
        "port " + usual + " is taken; " + what + " takes a free one (" + option + " names one)");
    err.flush();
    return 0;
  }

  private static boolean free(int port) {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket tcp = new ServerSocket();
        DatagramSocket udp = new DatagramSocket(new InetSocketAddress(here, port))) {
      tcp.setReuseAddress(true);
      tcp.bind(new InetSocketAddress(here, port));
      return udp.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
