package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.gridwarden.channel.coap.group.GroupCaller;
import org.gridwarden.core.Action;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.Uuid7;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.GroupCall;
import org.gridwarden.security.command.GroupDesk;
import org.gridwarden.security.command.Signer;

/** Signs a call and says it to its group. */
final class CommandCallRun {
  private final PrintWriter out;

  CommandCallRun(PrintWriter out) {
    this.out = out;
  }

  int run(String group, String to, String on, String by, Duration lasting, SignerOptions signer) {
    if (lasting.compareTo(Duration.ofSeconds(1)) < 0 || lasting.compareTo(GroupDesk.LONGEST) > 0) {
      throw new Failure("--for is 1s to 24h", Gridwarden.WRONG_INPUT);
    }
    InetSocketAddress address = GroupAddress.parse("--to", to);
    NetworkInterface link = GroupAddress.on(on);
    Signer key = signer.open();
    InstantSource clock = InstantSource.system();
    // meters whose clocks are a little behind hear it, too
    Instant now = clock.instant();
    SecureRandom dice = new SecureRandom();
    try (GroupCaller caller = new GroupCaller(address, link, clock)) {
      GroupCall call =
          new GroupCall(
              new CommandId(Uuid7.of(now, dice.nextLong(), dice.nextLong())),
              group,
              new Action.Read(),
              now.minusSeconds(60),
              now.plus(lasting),
              by);
      caller.call(call.sign(key), key.publicKey());
      out.println(
          "Called group "
              + group
              + " at "
              + to
              + ": its meters tell their readings, each once, until "
              + call.expires()
              + ". Whether any heard it shows in what comes in.");
      out.flush();
      return Gridwarden.OK;
    } catch (IllegalArgumentException | CommandException e) {
      throw new Failure("nothing was sent: " + e.getMessage(), Gridwarden.WRONG_INPUT);
    } catch (IOException e) {
      throw new Failure("nothing was sent to " + to + ": " + e.getMessage(), Gridwarden.FAILED);
    }
  }
}
