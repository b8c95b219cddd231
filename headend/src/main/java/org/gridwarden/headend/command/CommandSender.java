package org.gridwarden.headend.command;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.Tx;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.MeterReceipt;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.store.CommandBook;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.StoredCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes queued commands to their meters and follows them to the receipt. That a command is sent is
 * committed before it is: what became of one that was on its way when the process died is in doubt,
 * and is looked up at the meter before anything is sent again. Thread-safe; several processes may
 * work on one database.
 */
public final class CommandSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandSender.class);
  private static final Actor SENDER = Actor.system("sender");
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  private final UnitOfWork work;
  private final CommandBook book;
  private final OperatorKeys keys;
  private final MeterDirectory meters;
  private final MeterWay way;
  private final Function<MeterId, Optional<PublicKey>> receiptKeys;
  private final BooleanSupplier auditKeepsUp;
  private final InstantSource clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places;

  /**
   * @param receiptKeys the key that a meter signs its receipts with; empty for one that cannot sign
   * @param atOnce how many commands may be on their way at once
   */
  public CommandSender(
      UnitOfWork work,
      CommandBook book,
      OperatorKeys keys,
      MeterDirectory meters,
      MeterWay way,
      Function<MeterId, Optional<PublicKey>> receiptKeys,
      BooleanSupplier auditKeepsUp,
      InstantSource clock,
      int atOnce) {
    this.work = work;
    this.book = book;
    this.keys = keys;
    this.meters = meters;
    this.way = way;
    this.receiptKeys = receiptKeys;
    this.auditKeepsUp = auditKeepsUp;
    this.clock = clock;
    this.places = new Semaphore(atOnce);
  }

  /**
   * Takes those that are due and sends each in a thread of its own.
   *
   * @return how many were taken
   */
  public int round() {
    int free = places.drainPermits();
    int taken = 0;
    try {
      if (free == 0 || !auditKeepsUp.getAsBoolean()) {
        return 0;
      }
      List<StoredCommand> due = book.claim(free, LEASE);
      taken = due.size();
      for (StoredCommand command : due) {
        threads.execute(() -> {
          try {
            follow(command);
          } catch (RuntimeException e) {
            LOG.warn("command {} goes on later", command.id().value(), e);
          } finally {
            places.release();
          }
        });
      }
      return taken;
    } finally {
      places.release(free - taken);
    }
  }

  /** One command's next steps. */
  private void follow(StoredCommand command) {
    Action action = CommandOffice.action(command.word(), command.parameters());
    boolean maybeDone = command.state() != CommandState.QUEUED;
    Optional<String> hindered = hindrance(command, action);
    if (hindered.isPresent() && !maybeDone) {
      CommandState end =
          clock.instant().isBefore(command.expires()) ? CommandState.REFUSED : CommandState.EXPIRED;
      step(command, end, hindered.get());
      return;
    }
    if (!way.reaches(command.meter())) {
      putOff(command);
      return;
    }
    try {
      if (maybeDone && !way.remembers(command.meter())) {
        if (command.state() == CommandState.SENT) {
          step(command, CommandState.IN_DOUBT, "no receipt came");
        }
        Optional<CommandState> found = way.look(command.meter(), action);
        if (found.isPresent()) {
          step(command, found.get(), "read back from the meter: it was done");
          return;
        }
      }
      if (hindered.isPresent()) {
        step(
            command,
            CommandState.FAILED,
            "it was not done, and may not be sent again: " + hindered.get());
        return;
      }
      send(command);
    } catch (ChannelException e) {
      doubt(command, e.fault().remedy());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(StoredCommand command) throws ChannelException, InterruptedException {
    step(command, CommandState.SENT, "attempt " + command.attempts());
    Receipt receipt =
        way.send(new SignedCommand(command.id(), command.meter(), command.signed().orElseThrow()));
    Optional<PublicKey> key = receiptKeys.apply(command.meter());
    if (key.isPresent() && !genuine(command, receipt, key.get())) {
      doubt(command, "a receipt came that the meter did not sign");
      return;
    }
    call(tx -> {
      book.receipt(tx, command.id(), receipt.evidence());
      book.step(
          tx,
          command.id(),
          receipt.state(),
          new Actor(Actor.Kind.METER, command.meter().value()),
          key.isPresent() ? "signed by the meter" : "the meter cannot sign");
      return command;
    });
  }

  private static boolean genuine(StoredCommand command, Receipt receipt, PublicKey key) {
    try {
      MeterReceipt said =
          MeterReceipt.parse(Signed.parse(receipt.evidence()).open(Purpose.RECEIPT, key));
      return said.id().equals(command.id())
          && said.meter().equals(command.meter())
          && said.outcome() == receipt.state();
    } catch (CommandException e) {
      return false;
    }
  }

  /**
   * Why a command may not be sent; asked each time, since much may have changed since its release.
   */
  private Optional<String> hindrance(StoredCommand command, Action action) {
    if (!clock.instant().isBefore(command.expires())) {
      return Optional.of("its time is over");
    }
    Optional<Meter> meter = meters.byId(command.meter());
    if (meter.isEmpty() || meter.get().state() != Meter.State.ACTIVE) {
      return Optional.of(
          "the meter is "
              + meter
                  .map(m -> m.state().name().toLowerCase(Locale.ROOT))
                  .orElse("not known any more"));
    }
    if (Verdict.switchesOff(action)) {
      Optional<String> protection = call(tx -> book.protection(tx, command.meter()));
      if (protection.isPresent()) {
        return Optional.of("the consumer is protected: " + protection.get());
      }
    }
    try {
      Signed signed = Signed.parse(command.signed().orElse(new byte[0]));
      Optional<OperatorKeys.Key> key = keys.find(signed.keyId());
      if (key.isEmpty() || !key.get().operator().equals(command.draftedBy())) {
        return Optional.of("the operator's key was revoked");
      }
      byte[] order = signed.open(Purpose.ORDER, OperatorKey.publicKey(key.get().spki()));
      return java.util.Arrays.equals(order, CommandOffice.order(command).bytes())
          ? Optional.empty()
          : Optional.of("the order in the database is not the one that was signed");
    } catch (CommandException e) {
      return Optional.of("the operator's signature does not fit: " + e.getMessage());
    }
  }

  private void doubt(StoredCommand command, String why) {
    call(tx -> {
      book.step(tx, command.id(), CommandState.IN_DOUBT, SENDER, why);
      book.putOff(tx, command.id(), later(command));
      return command;
    });
  }

  private void putOff(StoredCommand command) {
    call(tx -> {
      book.putOff(tx, command.id(), later(command));
      return command;
    });
  }

  /** Twice as long each time; what is not in doubt is looked at once more when its time is over. */
  private Instant later(StoredCommand command) {
    long times = 1L << Math.clamp(command.attempts() - 1, 0, 10);
    Duration pause = FIRST_PAUSE.multipliedBy(times);
    Instant next = clock.instant().plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    return next.isAfter(command.expires()) && command.state() == CommandState.QUEUED
        ? command.expires()
        : next;
  }

  private void step(StoredCommand command, CommandState to, String note) {
    call(tx -> {
      book.step(tx, command.id(), to, SENDER, note);
      return command;
    });
  }

  private <T> T call(Function<Tx, T> act) {
    return work.call(act);
  }

  /** Waits for those on their way. */
  @Override
  public void close() {
    threads.close();
  }
}
