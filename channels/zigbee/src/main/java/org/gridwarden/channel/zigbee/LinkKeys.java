package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.gridwarden.channel.zigbee.establish.Establishment;
import org.gridwarden.channel.zigbee.establish.Step;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.cbke.CbkeIdentity;
import org.gridwarden.security.cbke.Suite;
import org.gridwarden.security.fips.FipsMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Link keys by certificates: what meters ask for by Key Establishment, and what they agree upon
 * with the office, goes into the dongle, in the place of the key of their install code. The
 * office's certificates are files in the coordinator's folder, {@code certificate-1.txt} and {@code
 * certificate-2.txt}; without any, meters keep the keys that they came with. Keys are never kept
 * here, only that there are some. Thread-safe.
 */
final class LinkKeys {
  private static final Logger LOG = LoggerFactory.getLogger(LinkKeys.class);

  /** Reckoned at once: each takes some milliseconds of a processor. */
  private static final int AT_ONCE = 4;

  private static final int SUITES = 0x0000;
  private static final int BITS_16 = 0x19;
  private static final String JOURNAL = "established.csv";

  private final Map<Suite, CbkeIdentity> identities;
  private final Establishment establishment;
  private final Path journal;
  private final InstantSource clock;
  private final Tally tally;
  private final Semaphore turns = new Semaphore(AT_ONCE);
  private final LongAdder agreed = new LongAdder();

  private LinkKeys(
      Map<Suite, CbkeIdentity> identities, Path journal, InstantSource clock, Tally tally) {
    this.identities = identities;
    this.establishment = new Establishment(identities, OfficeKey.random(), clock);
    this.journal = journal;
    this.clock = clock;
    this.tally = tally;
  }

  /**
   * Reads the office's certificates.
   *
   * @throws IOException where one is there, and none, or not the owner's alone
   */
  static LinkKeys open(Path folder, InstantSource clock, Tally tally) throws IOException {
    Map<Suite, CbkeIdentity> identities = new EnumMap<>(Suite.class);
    for (Suite suite : Suite.values()) {
      Path file = folder.resolve("certificate-" + suite.number() + ".txt");
      if (Files.exists(file)) {
        if (FipsMode.on()) {
          throw new IOException(
              file + ": key establishment reckons outside the FIPS module; take the file away");
        }
        CbkeIdentity identity = CbkeIdentity.read(file);
        if (identity.suite() != suite) {
          throw new IOException(file + ": its certificate is one of the other suite");
        }
        identities.put(suite, identity);
      }
    }
    return new LinkKeys(identities, folder.resolve(JOURNAL), clock, tally);
  }

  /** Says where a certificate is not this dongle's: meters will refuse it. */
  void check(Eui64 dongle) {
    for (CbkeIdentity identity : identities.values()) {
      if (identity.certificate().subject() != dongle.value()) {
        tally.fault(
            Tally.What.FAILED,
            "dongle " + dongle,
            "the office's " + identity + " is another dongle's: meters will refuse it");
      }
    }
  }

  /**
   * Takes a frame of the cluster.
   *
   * @return whether what was to be answered has arrived
   */
  boolean heard(Coordinator open, Known from, int endpoint, Zcl zcl) throws InterruptedException {
    if (zcl.fromServer()) {
      return false; // the office never begins an exchange
    }
    if (!turns.tryAcquire()) {
      tally.count(Tally.What.OVER_LIMIT); // the meter begins anew
      return false;
    }
    try {
      if (zcl.cluster()) {
        return step(open, from, endpoint, zcl);
      }
      return zcl.command() == Zcl.READ
          && say(open, from, endpoint, false, zcl.sequence(), Zcl.READ_RESPONSE, suites());
    } finally {
      turns.release();
    }
  }

  private byte[] suites() {
    return new Zcl.Out()
        .number(2, SUITES)
        .number(1, 0)
        .number(1, BITS_16)
        .number(2, establishment.suites())
        .done();
  }

  private boolean step(Coordinator open, Known from, int endpoint, Zcl zcl)
      throws InterruptedException {
    return switch (establishment.take(from.eui64().value(), zcl.command(), zcl.payload())) {
      case Step.Say(int command, byte[] payload) ->
          say(open, from, endpoint, true, zcl.sequence(), command, payload);
      case Step.Agreed agreement -> agreed(open, from, endpoint, zcl, agreement);
      case Step.Refused(var refusal, byte[] terminate, String why) -> {
        tally.fault(Tally.What.UNAUTHENTICATED, "device " + from.eui64(), refusal + ": " + why);
        yield say(open, from, endpoint, true, zcl.sequence(), Step.TERMINATE, terminate);
      }
      case Step.Ended(String why) -> {
        tally.fault(Tally.What.REFUSED, "device " + from.eui64(), why);
        yield true;
      }
    };
  }

  /**
   * The key changes before the meter hears the last word, and whether that arrives or not: a meter
   * without it begins anew, which needs no link key; one that has it would not.
   */
  private boolean agreed(Coordinator open, Known from, int endpoint, Zcl zcl, Step.Agreed agreement)
      throws InterruptedException {
    if (!open.rekey(from.eui64(), agreement.linkKey())) {
      tally.fault(
          Tally.What.FAILED,
          "device " + from.eui64(),
          "the dongle does not take its new link key: its table is full, or it cannot change keys");
      return false; // the meter keeps the key that it has
    }
    agreed.increment();
    LOG.info("device {} has a link key by certificates, {}", from.eui64(), agreement.suite());
    note(from, agreement.suite());
    return say(open, from, endpoint, true, zcl.sequence(), Step.CONFIRM, agreement.proof());
  }

  private synchronized void note(Known from, Suite suite) {
    String line = clock.instant() + "," + from.eui64() + "," + suite + System.lineSeparator();
    try {
      Files.write(
          journal,
          line.getBytes(StandardCharsets.US_ASCII),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.warn("{} cannot be written: make room, and see to its rights", journal, e);
    }
  }

  private static boolean say(
      Coordinator open,
      Known to,
      int endpoint,
      boolean own,
      int sequence,
      int command,
      byte[] payload)
      throws InterruptedException {
    byte[] bytes = new Zcl(own, true, sequence, command, payload).bytes();
    return open.send(
        to.address(), endpoint, Clusters.PROFILE, Clusters.KEY_ESTABLISHMENT, false, bytes);
  }

  /** For people: how many keys were established since the start; nothing without certificates. */
  String line() {
    return identities.isEmpty() ? "" : agreed.sum() + " keys by certificates, ";
  }
}
