package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.gridwarden.message.listener.Tally;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what operators ordered. Used by the thread that keeps the line. */
final class Housekeeping {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private final Path folder;
  private final Roster roster;
  private final Consumer<Eui64> gone;
  private final Tally tally;
  private final InstantSource clock;

  /**
   * @param gone told of a device that is to be forgotten, before it is
   */
  Housekeeping(Path folder, Roster roster, Consumer<Eui64> gone, Tally tally, InstantSource clock) {
    this.folder = folder;
    this.roster = roster;
    this.gone = gone;
    this.tally = tally;
    this.clock = clock;
  }

  /** All that was ordered until now. */
  void run(Coordinator open) throws InterruptedException {
    for (Orders.Order order : Orders.take(folder)) {
      switch (order) {
        case Orders.Order.RefreshKey() -> refresh(open);
        case Orders.Order.Remove(Eui64 device) -> remove(open, device);
      }
    }
  }

  private void refresh(Coordinator open) throws InterruptedException {
    List<Known> members =
        roster.all().stream().filter(k -> k.state() == Known.State.JOINED).toList();
    try {
      KeyChange made = open.changeKey(members, clock);
      made.write(folder);
      LOG.info("{}: network key {} was told to {} devices", folder, made.number(), made.told());
    } catch (IOException e) {
      tally.fault(Tally.What.FAILED, "network of " + folder, String.valueOf(e.getMessage()));
    }
  }

  private void remove(Coordinator open, Eui64 device) {
    Known known = roster.by(device).orElse(null);
    if (known == null) {
      return;
    }
    if (known.state() == Known.State.JOINED && !open.sendAway(known)) {
      tally.fault(
          Tally.What.FAILED,
          "device " + device,
          "the dongle does not send it away: what it says is not taken any longer, but it has the"
              + " network's key until that is changed");
    }
    gone.accept(device);
    roster.forget(device);
  }
}
