package org.gridwarden.bench.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.gridwarden.bench.Report;
import org.gridwarden.core.Action;
import org.gridwarden.core.Actor;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.LiveEvent;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.headend.command.CommandRounds;
import org.gridwarden.headend.command.CommandSender;
import org.gridwarden.headend.command.Wish;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoredCommand;
import org.jspecify.annotations.Nullable;

/** One measurement of commands. */
final class CommandRun {
  private static final Actor OLIVIA = new Actor(Actor.Kind.PERSON, "olivia");
  private static final Actor PETER = new Actor(Actor.Kind.PERSON, "peter");
  private static final Actor SAM = new Actor(Actor.Kind.PERSON, "sam");
  private static final Action LIMIT = new Action.LimitLoad(4_200, Duration.ofHours(1));
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int APPROVERS = 8;

  private final int count;
  private final int singly;
  private final boolean dlms;
  private final @Nullable Path given;
  private final KeyPair key = pair();
  private final byte[] keyId = Signed.keyId(key.getPublic());
  private final InstantSource clock = InstantSource.system();

  /** When each command's receipt was stored, by the monotonic clock. */
  private final Map<CommandId, Long> receipts = new ConcurrentHashMap<>();

  private final Map<CommandId, CountDownLatch> awaited = new ConcurrentHashMap<>();

  CommandRun(int count, int singly, boolean dlms, @Nullable Path given) {
    this.count = count;
    this.singly = singly;
    this.dlms = dlms;
    this.given = given;
  }

  Report run() throws Exception {
    Path folder =
        given == null
            ? Files.createTempDirectory("gridwarden-bench")
            : Files.createTempDirectory(Files.createDirectories(given), "commands");
    try (Setting town =
        dlms
            ? new DlmsSetting(folder, count, key.getPublic(), clock)
            : DeskSetting.open(folder, count, pair(), key.getPublic(), clock)) {
      Store store = town.store();
      CommandOffice office =
          new CommandOffice(
              store.unitOfWork(),
              store.commands(),
              store.policies(),
              store.protections(),
              store.operatorKeys(),
              town.directory(),
              meter -> "",
              () -> true,
              clock,
              event -> {});
      CommandSender sender =
          new CommandSender(
              store.unitOfWork(),
              store.commands(),
              store.holder(),
              store.operatorKeys(),
              town.directory(),
              town.way(),
              town::receiptKey,
              () -> true,
              clock,
              this::told,
              256);
      try (CommandRounds rounds = new CommandRounds(sender, Duration.ofMillis(500))) {
        office.whenQueued(rounds::news);
        rounds.start();
        prepare(store, office);
        Report report = new Report();
        one(office, town, Math.max(20, singly / 5)); // the JIT's turn
        report(report, "one at a time", one(office, town, singly));
        many(office, town, report);
        report.add("confirmed by meters' signed receipts", receipts.size());
        return report;
      }
    } finally {
      remove(folder);
    }
  }

  private void prepare(Store store, CommandOffice office) {
    store
        .unitOfWork()
        .call(tx ->
            store
                .operatorKeys()
                .add(tx, keyId, new OperatorKeys.Key("olivia", key.getPublic().getEncoded()), SAM));
    int version =
        office
            .policyDesk()
            .propose(
                "perWindow = 1000000\nperFeeder = 1000000\nperUser = 1000000\nspacing = PT0S\n"
                    + "fourEyes = limit-load",
                "a benchmark",
                OLIVIA);
    office.policyDesk().decide(version, true, PETER);
  }

  private void told(LiveEvent event) {
    if (event instanceof LiveEvent.CommandMoved moved && moved.state() == CommandState.CONFIRMED) {
      receipts.put(moved.id(), System.nanoTime());
      CountDownLatch latch = awaited.get(moved.id());
      if (latch != null) {
        latch.countDown();
      }
    }
  }

  /** Draft, release, signature, sending, receipt; the next after that. Nanoseconds each. */
  private long[] one(CommandOffice office, Setting town, int times) throws Exception {
    long[] took = new long[times];
    for (int i = 0; i < times; i++) {
      long click = System.nanoTime();
      StoredCommand command =
          office.draft(wish(List.of(town.meters().get(i % count))), OLIVIA).getFirst();
      CountDownLatch latch = new CountDownLatch(1);
      awaited.put(command.id(), latch);
      byte[] order = CommandOffice.order(command).bytes();
      office.approve(command.id(), PETER, order);
      office.sign(command.id(), OLIVIA, keyId, sign(order));
      if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("no receipt came");
      }
      took[i] = receipts.getOrDefault(command.id(), Long.MAX_VALUE) - click;
      awaited.remove(command.id());
    }
    return took;
  }

  private void many(CommandOffice office, Setting town, Report report) throws Exception {
    long click = System.nanoTime();
    List<StoredCommand> drafted = office.draft(wish(town.meters()), OLIVIA);
    CountDownLatch all = new CountDownLatch(drafted.size());
    drafted.forEach(c -> awaited.put(c.id(), all));
    long made = System.nanoTime();
    try (ExecutorService people = Executors.newFixedThreadPool(APPROVERS)) {
      List<Future<?>> approvals = new ArrayList<>();
      for (StoredCommand command : drafted) {
        approvals.add(
            people.submit(
                () -> office.approve(command.id(), PETER, CommandOffice.order(command).bytes())));
      }
      for (Future<?> approval : approvals) {
        approval.get();
      }
    }
    long released = System.nanoTime();
    SequencedMap<CommandId, byte[]> signatures = new LinkedHashMap<>();
    for (StoredCommand command : drafted) {
      signatures.put(command.id(), sign(CommandOffice.order(command).bytes()));
    }
    long signed = System.nanoTime();
    office.sign(signatures, OLIVIA, keyId);
    long taken = System.nanoTime();
    if (!all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException(all.getCount() + " receipts did not come");
    }
    long confirmed =
        drafted.stream().mapToLong(c -> receipts.getOrDefault(c.id(), 0L)).max().orElse(0);
    rate(report, "drafted", click, made);
    rate(report, "released by a second person", made, released);
    rate(report, "signed by the operator's key", released, signed);
    rate(report, "signatures verified and queued", signed, taken);
    rate(report, "sent and confirmed, from the first signature on", signed, confirmed);
    rate(report, "all of it", click, confirmed);
    long[] took =
        drafted.stream()
            .mapToLong(c -> receipts.getOrDefault(c.id(), Long.MAX_VALUE) - click)
            .toArray();
    report(report, count + " at once", took);
  }

  private void rate(Report report, String what, long from, long to) {
    report.add(what + ", per second", count / ((to - from) / 1e9));
  }

  private static void report(Report report, String what, long[] nanos) {
    Arrays.sort(nanos);
    for (int percent : new int[] {50, 95, 99}) {
      int at = Math.min(nanos.length - 1, Math.ceilDiv(nanos.length * percent, 100) - 1);
      report.add(what + ", click to stored receipt, p" + percent + ", ms", nanos[at] / 1e6);
    }
  }

  private static Wish wish(List<MeterId> meters) {
    return new Wish(meters, LIMIT, "a benchmark", Optional.empty(), Optional.empty());
  }

  private byte[] sign(byte[] order) throws CommandException {
    return Signer.of(key).sign(Signed.toBeSigned(Purpose.ORDER, keyId, order));
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make keys on P-256", e);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
