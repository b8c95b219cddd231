package org.gridwarden.channel.zigbee;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Channel;
import org.gridwarden.core.Intake;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Message;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;
import org.gridwarden.simulator.MessageStreet;

/** An office in memory, for the meters of a street. */
final class TestOffice implements Intake, MeterDirectory, KeyAccess {
  static final Duration LONG = Duration.ofSeconds(60);

  final List<Received> submitted = new CopyOnWriteArrayList<>();
  final InstantSource clock;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Map<MeterId, Integer> numbers = new ConcurrentHashMap<>();
  private final MessageStreet street;
  private final AtomicLong reserved;

  /**
   * @param counted how many counters of the office's own were used before
   */
  TestOffice(MessageStreet street, InstantSource clock, long counted) {
    this.street = street;
    this.clock = clock;
    this.reserved = new AtomicLong(counted);
    for (int i = 1; i <= street.serials().size(); i++) {
      numbers.put(new MeterId(street.serials().get(i - 1)), i);
    }
  }

  Channel.Host host() {
    return new Channel.Host(
        this,
        this,
        this,
        new LimitedAdmission(AdmissionLimits.defaults()),
        (meter, keyId, block) -> reserved.getAndAdd(block),
        clock);
  }

  /** What a meter has said so far. */
  List<Message> told(String meter) {
    return submitted.stream()
        .filter(r -> r.id().meter().value().equals(meter))
        .flatMap(r -> r.content().stream())
        .toList();
  }

  @Override
  public CompletionStage<Outcome> submit(Received message) {
    boolean fresh = seen.add(message.id() + Arrays.toString(message.id().digest()));
    if (fresh) {
      submitted.add(message);
    }
    return CompletableFuture.completedFuture(
        fresh ? new Outcome.Stored() : new Outcome.Duplicate());
  }

  @Override
  public Optional<Meter> byId(MeterId id) {
    return Optional.ofNullable(numbers.get(id))
        .map(n ->
            new Meter(
                id,
                id.value(),
                new byte[0],
                "street",
                ZoneId.of("Europe/Zurich"),
                Meter.State.ACTIVE,
                Meter.PushPolicy.AUTHENTICATED));
  }

  @Override
  public Optional<Meter> bySystemTitle(byte[] title) {
    return Optional.empty();
  }

  @Override
  public Optional<Meter> bySerial(String serial) {
    return byId(new MeterId(serial));
  }

  @Override
  public Optional<KeySet> keys(MeterId meter, Purpose purpose) {
    return Optional.ofNullable(numbers.get(meter))
        .flatMap(n ->
            switch (purpose) {
              case MESSAGE -> Optional.of(street.messageKey(n));
              case COMMAND_SEAL -> Optional.of(street.sealKey(n));
              default -> Optional.empty();
            });
  }
}
