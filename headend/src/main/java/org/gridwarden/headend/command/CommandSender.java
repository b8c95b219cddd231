package org.gridwarden.headend.command;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.Signing;
import org.gridwarden.core.UnitOfWork;
import org.gridwarden.headend.LiveEvent;
import org.gridwarden.store.CommandBook;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.StoredCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes queued commands to their meters and follows them to the receipt. That a command is sent is
 * committed before it is: what became of one that was on its way when the process died is in doubt,
 * and is looked up at the meter before anything is sent again. Thread-safe; several processes may
 * work on one database, each as a holder of its own.
 */
public final class CommandSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommandSender.class);
  private static final Actor SENDER = Actor.system("sender");
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
  private static final Set<CommandState> UNDER_WAY =
      EnumSet.of(CommandState.QUEUED, CommandState.SENT, CommandState.IN_DOUBT);
  private static final Duration PARTING = Duration.ofSeconds(5);

  private final CommandSteps steps;
  private final CommandBook book;
  private final OrderSignatures signatures;
  private final MeterDirectory meters;
  private final MeterWay way;
  private final Function<MeterId, Optional<PublicKey>> receiptKeys;
  private final BooleanSupplier auditKeepsUp;
  private final InstantSource clock;
  private final UUID holder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places;
  private volatile Runnable whenFree = () -> {};

  /**
   * @param holder who takes commands in hand, which no other living process is; what its dead
   *     predecessor had in hand is taken over at once
   * @param receiptKeys the key that a meter signs its receipts with; empty for one that cannot sign
   * @param told what steps commands take, once that is durable
   * @param atOnce how many commands may be on their way at once
   */
  public CommandSender(
      UnitOfWork work,
      CommandBook book,
      UUID holder,
      OperatorKeys keys,
      MeterDirectory meters,
      MeterWay way,
      Function<MeterId, Optional<PublicKey>> receiptKeys,
      BooleanSupplier auditKeepsUp,
      InstantSource clock,
      Consumer<? super LiveEvent> told,
      int atOnce) {
    this.steps = new CommandSteps(work, book, told, clock);
    this.book = book;
    this.holder = holder;
    this.signatures = new OrderSignatures(keys, meters, clock);
    this.meters = meters;
    this.way = way;
    this.receiptKeys = receiptKeys;
    this.auditKeepsUp = auditKeepsUp;
    this.clock = clock;
    this.places = new Semaphore(atOnce);
    int left = book.takeOver(holder);
    if (left > 0) {
      LOG.info("{} commands were on their way when the office last stopped; looked at now", left);
    }
  }

  /** From now on keys can be changed by commands. */
  public void changingKeysWith(KeyChanges changes) {
    steps.changingKeysWith(changes);
  }

  /** What is run each time that a command has left its place to another; quick. */
  void whenFree(Runnable run) {
    whenFree = run;
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
      List<StoredCommand> due = book.claim(free, LEASE, holder);
      taken = due.size();
      for (StoredCommand command : due) {
        threads.execute(() -> {
          try {
            follow(command);
          } catch (RuntimeException e) {
            LOG.warn("command {} goes on later", command.id().value(), e);
          } finally {
            places.release();
            whenFree.run();
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
    if (maybeDone && action instanceof Action.ChangeKeys && steps.keys().done(command)) {
      step(command, CommandState.CONFIRMED, SENDER, "the meter uses its new keys");
      return;
    }
    Optional<String> hindered = hindrance(command, action);
    if (hindered.isPresent() && !maybeDone) {
      CommandState end =
          clock.instant().isBefore(command.expires()) ? CommandState.REFUSED : CommandState.EXPIRED;
      step(command, end, SENDER, hindered.get());
      return;
    }
    if (!way.reaches(command.meter())) {
      putOff(command, later(command));
      return;
    }
    try {
      if (maybeDone && settled(command, action, hindered)) {
        return;
      }
      if (maybeDone || prepared(command, action)) {
        send(command, action);
      }
    } catch (ChannelException e) {
      doubt(command, e.fault().remedy(), later(command));
    } catch (InterruptedException e) {
      // closing; whoever takes it next asks the meter first
      doubt(command, "the office stopped while it was on its way", clock.instant());
    }
  }

  /**
   * Whether a command that may have been done needs no sending any more. What may be sent blindly
   * is not asked about; what may not be sent at all is asked about once more.
   */
  private boolean settled(StoredCommand command, Action action, Optional<String> hindered)
      throws ChannelException, InterruptedException {
    if (hindered.isEmpty() && way.remembers(command.meter())) {
      return false;
    }
    if (command.state() == CommandState.SENT) {
      step(command, CommandState.IN_DOUBT, SENDER, "no receipt came");
    }
    Optional<CommandState> found;
    try {
      found = way.look(command.meter(), action);
    } catch (ChannelException e) {
      if (hindered.isPresent() && e.fault().code() == Fault.Code.FORBIDDEN) {
        step(
            command.moved(CommandState.IN_DOUBT, ""),
            CommandState.FAILED,
            SENDER,
            "what became of it cannot be told, and it may not be sent again: " + hindered.get());
        return true;
      }
      throw e;
    }
    if (found.isPresent()) {
      step(
          command.moved(CommandState.IN_DOUBT, ""),
          found.get(),
          SENDER,
          "read back from the meter: it was done");
      return true;
    }
    if (hindered.isPresent()) {
      step(
          command.moved(CommandState.IN_DOUBT, ""),
          CommandState.FAILED,
          SENDER,
          "it was not done, and may not be sent again: " + hindered.get());
      return true;
    }
    return false;
  }

  /**
   * Whether the meter has all that the command needs; where not, it is gone on with in a moment.
   * Nothing was sent yet, so there is nothing to doubt.
   */
  private boolean prepared(StoredCommand command, Action action) {
    try {
      Optional<Duration> pause = way.prepare(command.id(), command.meter(), action);
      pause.ifPresent(rest ->
          steps.call(turn -> {
            book.rest(turn.tx(), command.id(), clock.instant().plus(rest));
            return command;
          }));
      return pause.isEmpty();
    } catch (ChannelException e) {
      if (e.fault().code() == Fault.Code.FORBIDDEN) {
        step(command, CommandState.FAILED, SENDER, e.fault().remedy());
      } else {
        LOG.info("command {} goes on later: {}", command.id().value(), e.getMessage());
        putOff(command, later(command));
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      putOff(command, clock.instant());
      return false;
    }
  }

  private void send(StoredCommand claimed, Action action)
      throws ChannelException, InterruptedException {
    Optional<StoredCommand> sent =
        steps.call(turn ->
            book.hold(turn.tx(), claimed.id())
                .filter(held -> UNDER_WAY.contains(held.state()))
                .map(held ->
                    turn.step(held, CommandState.SENT, SENDER, "attempt " + held.attempts())));
    if (sent.isEmpty()) {
      return; // somebody refused it at the last moment
    }
    StoredCommand command = sent.get();
    Receipt receipt;
    try {
      receipt =
          way.send(
              new SignedCommand(command.id(), command.meter(), command.signed().orElseThrow()));
    } catch (ChannelException e) {
      if (e.fault().code() == Fault.Code.FORBIDDEN && claimed.state() == CommandState.QUEUED) {
        // not taken, and never sent before: there is nothing to doubt
        step(command, CommandState.FAILED, SENDER, e.fault().remedy());
        return;
      }
      throw e;
    }
    Optional<PublicKey> key = receiptKeys.apply(command.meter());
    Optional<MeterAnswer> said =
        key.flatMap(known ->
            meters
                .byId(command.meter())
                .flatMap(m -> MeterAnswer.of(command, receipt.evidence(), m, known)));
    if (key.isPresent() && said.filter(answer -> answer.bearsOut(receipt.state())).isEmpty()) {
      doubt(command, "a receipt came that the meter did not sign", later(command));
      return;
    }
    steps.call(turn -> {
      book.receipt(turn.tx(), command.id(), receipt.evidence());
      return turn.step(
          command,
          receipt.state(),
          new Actor(Actor.Kind.METER, command.meter().value()),
          said.map(answer ->
                  answer.form() == Signing.DLMS
                      ? "signed by the meter, " + answer.form().words()
                      : "signed by the meter")
              .orElse("the meter cannot sign"));
    });
    if (receipt.state() == CommandState.CONFIRMED) {
      try {
        way.confirmed(command.meter(), action);
      } catch (ChannelException e) {
        LOG.info(
            "what meter {} made of its command is not read: {}", command.meter(), e.getMessage());
      }
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
      Optional<String> protection = book.protection(command.meter());
      if (protection.isPresent()) {
        return Optional.of("the consumer is protected: " + protection.get());
      }
    }
    return signatures.wrong(command, meter.get());
  }

  private void doubt(StoredCommand command, String why, Instant until) {
    steps.call(turn ->
        book.hold(turn.tx(), command.id())
            .filter(held -> UNDER_WAY.contains(held.state()))
            .map(held -> {
              StoredCommand doubted = turn.step(held, CommandState.IN_DOUBT, SENDER, why);
              book.putOff(turn.tx(), command.id(), until);
              return doubted;
            }));
  }

  private void putOff(StoredCommand command, Instant until) {
    steps.call(turn -> {
      book.putOff(turn.tx(), command.id(), until);
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

  /**
   * Takes a step, unless the command has taken another one since it was looked at.
   *
   * @return empty where it has
   */
  private Optional<StoredCommand> step(
      StoredCommand command, CommandState to, Actor by, String note) {
    return steps.call(turn ->
        book.hold(turn.tx(), command.id())
            .filter(held -> held.state() == command.state())
            .map(held -> turn.step(held, to, by, note)));
  }

  /** Waits a little for those on their way; what is cut short is in doubt. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(PARTING.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
        if (!threads.awaitTermination(PARTING.toMillis(), TimeUnit.MILLISECONDS)) {
          LOG.warn("a command on its way did not end in time; it is looked up at the next start");
        }
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
