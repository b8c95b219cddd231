package org.gridwarden.channel.dlms;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.core.Channel;
import org.gridwarden.core.Intake;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Received;
import org.gridwarden.core.Secret;
import org.gridwarden.core.SendCounter;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.security.LimitedAdmission;

/** An office in memory, with one meter, and what that meter would send. */
final class TestOffice implements Intake, MeterDirectory, KeyAccess {
  static final Instant NOW = Instant.parse("2026-11-24T12:15:02Z");
  static final ZoneId ZONE = ZoneId.of("Europe/Zurich");
  static final byte[] TITLE = {'G', 'W', 'S', 0, 0, 0, 0, 7};
  static final byte[] ENCRYPTION = bytes(16, 1);
  static final byte[] AUTHENTICATION = bytes(16, 101);
  static final byte[] KEY_ID = {1};

  final List<Received> submitted = new CopyOnWriteArrayList<>();
  final LimitedAdmission admission = new LimitedAdmission(AdmissionLimits.defaults());
  final AtomicLong reserved = new AtomicLong(1);
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /** Permits for submissions; a test that drains them makes intake full. */
  final Semaphore room = new Semaphore(1_000_000);

  volatile Meter.PushPolicy policy = Meter.PushPolicy.AUTHENTICATED;
  volatile Reach reach = Reach.NONE;
  volatile boolean stall;
  final CompletableFuture<Outcome> stalled = new CompletableFuture<>();

  private static byte[] bytes(int length, int first) {
    byte[] out = new byte[length];
    for (int i = 0; i < length; i++) {
      out[i] = (byte) (first + i);
    }
    return out;
  }

  private final SendCounter counters = (meter, keyId, block) -> reserved.getAndAdd(block);

  Channel.Host host() {
    return new Channel.Host(this, this, this, admission, counters, InstantSource.fixed(NOW));
  }

  OfficeSender sender() {
    return new OfficeSender(host().counters(), limits().systemTitle());
  }

  Meter meter() {
    return new Meter(
        new MeterId("GWS00000007"),
        "GWS00000007",
        TITLE,
        "street",
        ZONE,
        Meter.State.ACTIVE,
        policy,
        reach);
  }

  @Override
  public CompletionStage<Outcome> submit(Received message) throws InterruptedException {
    room.acquire();
    submitted.add(message);
    if (stall) {
      return stalled;
    }
    boolean known = byId(message.id().meter()).isPresent();
    String same = message.id() + Arrays.toString(message.id().digest());
    return CompletableFuture.completedFuture(
        !known
            ? new Outcome.Waiting()
            : seen.add(same) ? new Outcome.Stored() : new Outcome.Duplicate());
  }

  @Override
  public Optional<Meter> byId(MeterId id) {
    return Optional.of(meter()).filter(m -> m.id().equals(id));
  }

  @Override
  public Optional<Meter> bySystemTitle(byte[] title) {
    return Optional.of(meter()).filter(m -> Arrays.equals(title, TITLE));
  }

  @Override
  public Optional<Meter> bySerial(String serial) {
    return Optional.of(meter()).filter(m -> m.serial().equals(serial));
  }

  @Override
  public Optional<KeySet> keys(MeterId id, Purpose purpose) {
    if (purpose == Purpose.COMMAND_SEAL) {
      return Optional.empty();
    }
    return Optional.of(new KeySet(KEY_ID, new Secret(ENCRYPTION), new Secret(AUTHENTICATION)));
  }

  static DlmsKeys keys() {
    return DlmsKeys.of(ENCRYPTION, AUTHENTICATION);
  }

  /** {clock, status, {obis, value, {scaler, unit}}...}: a quarter-hour, a register, a voltage. */
  static Apdu.DataNotification push(boolean confirmed, Instant clock) {
    return new Apdu.DataNotification(
        (confirmed ? 0x4000_0000L : 0) | 7,
        Optional.empty(),
        DlmsData.Structure.of(
            clock(clock),
            new DlmsData.Unsigned8(0),
            value("1.0.1.29.0.255", 312, 0, 30),
            value("1.0.1.8.0.255", 1_234_567, 0, 30),
            value("1.0.32.7.0.255", 2_301, -1, 35)));
  }

  /** A push that says whose it is. */
  static Apdu.DataNotification named(String serial, Instant clock) {
    return new Apdu.DataNotification(
        9,
        Optional.empty(),
        DlmsData.Structure.of(
            clock(clock),
            DlmsData.Structure.of(
                DlmsData.OctetString.of(ObisCode.parse("0.0.96.1.0.255")),
                new DlmsData.VisibleString(serial)),
            value("1.0.32.7.0.255", 2_301, -1, 35)));
  }

  static Apdu.DataNotification event(int code) {
    return new Apdu.DataNotification(
        0x4000_0008L,
        Optional.empty(),
        DlmsData.Structure.of(
            clock(NOW), new DlmsData.Unsigned8(0), value("0.0.96.11.1.255", code, 0, 255)));
  }

  /** The day's rows under 1.0.99.1.0.255, each with its interval's end. */
  static Apdu.DataNotification profile(List<Instant> ends, int status) {
    return new Apdu.DataNotification(
        0x4000_0009L,
        Optional.of(CosemDateTime.of(NOW, ZONE)),
        DlmsData.Structure.of(
            DlmsData.OctetString.of(ObisCode.parse("1.0.99.1.0.255")),
            DlmsData.Array.of(
                ends.stream()
                    .map(end ->
                        (DlmsData)
                            DlmsData.Structure.of(
                                clock(end),
                                new DlmsData.Unsigned8(status),
                                new DlmsData.DoubleLongUnsigned(250)))
                    .toList())));
  }

  static DlmsData clock(Instant at) {
    return DlmsData.OctetString.of(CosemDateTime.of(at, ZONE).bytes());
  }

  static DlmsData value(String obis, long value, int scaler, int unit) {
    return DlmsData.Structure.of(
        DlmsData.OctetString.of(ObisCode.parse(obis)),
        new DlmsData.DoubleLongUnsigned(value),
        DlmsData.Structure.of(new DlmsData.Integer8(scaler), new DlmsData.Enumerated(unit)));
  }

  /** An authentic, encrypted push of the meter. */
  static byte[] sealed(Apdu plain, long counter) {
    return sealed(plain, counter, TITLE, SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED, keys());
  }

  static byte[] sealed(
      Apdu plain, long counter, byte[] title, SecurityControl control, DlmsKeys keys) {
    try {
      return Apdus.encode(
          Ciphering.protect(0xDB, control, title, counter, Apdus.encode(plain), keys));
    } catch (DlmsException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a confirm says, once opened as the meter opens it. */
  static Apdu opened(byte[] apdu) {
    try {
      return Apdus.decode(
          Ciphering.unprotect((Apdu.Ciphered) Apdus.decode(apdu), new byte[0], keys()));
    } catch (DlmsException e) {
      throw new IllegalStateException(e);
    }
  }

  static DlmsSettings.Limits limits() {
    return DlmsSettings.of(java.util.Map.of("firstMessage", "2s", "idle", "60s", "inFlight", 4))
        .limits();
  }

  static final Duration SOON = Duration.ofSeconds(60);
}
