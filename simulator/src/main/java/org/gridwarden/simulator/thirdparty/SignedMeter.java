package org.gridwarden.simulator.thirdparty;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.gridwarden.core.Secret;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.meter.ClientAccess;
import org.gridwarden.dlms.meter.LogicalDevice;
import org.gridwarden.dlms.meter.MeterServer;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.DisconnectControl;
import org.gridwarden.dlms.objects.EnergySource;
import org.gridwarden.dlms.objects.ReferenceMeter;
import org.gridwarden.dlms.objects.Rights;
import org.gridwarden.dlms.objects.SecuritySetup;
import org.gridwarden.dlms.security.CertificateInfo;
import org.gridwarden.dlms.security.EllipticCurve;
import org.gridwarden.dlms.security.KeyRing;
import org.gridwarden.dlms.security.MeterCredentials;
import org.gridwarden.dlms.security.MeterSecurity;
import org.gridwarden.dlms.security.SecurityPolicy;
import org.gridwarden.dlms.security.SecuritySuite;
import org.gridwarden.dlms.thirdparty.SignedRequests;
import org.gridwarden.security.KeyWrap;

/**
 * A reference meter of security suite 1 that listens over TCP and has no command desk. Client 16
 * reads without security; client 2, the head-end, reads under the meter's keys; client 1, the
 * head-end as well, may do nothing by itself: its Security setup demands signed requests, and those
 * of the operators whom the meter trusts are obeyed, carried by it. Thread-safe.
 */
public final class SignedMeter implements Closeable {
  private static final ObisCode READING = ObisCode.parse("0.0.43.0.0.255");
  private static final ObisCode SIGNING = ObisCode.parse("0.0.43.0.1.255");
  private static final int PUBLIC = 16;
  private static final int READER = 2;
  private static final int MANAGEMENT = 1;
  private static final int TITLE = 8;
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
  private static final int LOAD = 500; // W

  private final Settings settings;
  private final byte[] title;
  private final SignedMeterState state;
  private final ReferenceMeter meter;
  private final MeterServer server;

  /**
   * Which meter.
   *
   * @param serial its serial, which is its logical device name and its id in the office; up to 16
   *     characters
   * @param listen where it listens; port 0 for any free one
   * @param state its disk: a folder of its own, made where it is not there
   * @param operators public keys of whom it obeys, a file each; need not be there yet
   * @param headEnd the head-end's system title, 8 bytes: its only client
   */
  @SuppressWarnings("ArrayRecordComponent") // copied in and out below
  public record Settings(
      String serial,
      InetSocketAddress listen,
      Path state,
      Path operators,
      byte[] headEnd,
      ZoneId zone) {
    public Settings {
      if (!serial.matches("[A-Za-z0-9]{1,16}")) {
        throw new IllegalArgumentException("a meter's serial has 1 to 16 letters and digits");
      }
      if (headEnd.length != TITLE) {
        throw new IllegalArgumentException("a system title has 8 bytes");
      }
      headEnd = headEnd.clone();
    }

    @Override
    public byte[] headEnd() {
      return headEnd.clone();
    }
  }

  private SignedMeter(
      Settings settings, InstantSource clock, SignedMeterState state, Consumer<Boolean> relay)
      throws IOException {
    this.settings = settings;
    this.state = state;
    this.title = title(settings.serial());
    this.meter =
        new ReferenceMeter(
            ReferenceMeter.Setup.of(
                    settings.serial(), clock, settings.zone(), EnergySource.steady(SINCE, LOAD))
                .relay(relay));
    this.server =
        MeterServer.open(settings.listen(), Map.of(1, device(clock)), MeterServer.Limits.DEFAULT);
  }

  /**
   * Starts it.
   *
   * @param relay told when the premises are connected or disconnected
   * @throws IOException where it cannot listen, or its disk is damaged: it does not start without
   *     its memory
   */
  public static SignedMeter start(Settings settings, InstantSource clock, Consumer<Boolean> relay)
      throws IOException {
    return new SignedMeter(settings, clock, SignedMeterState.open(settings.state()), relay);
  }

  private LogicalDevice device(InstantSource clock) {
    KeyRing keys = KeyRing.of(keys(), state.counter());
    MeterCredentials credentials =
        new MeterCredentials(
            title,
            SecuritySuite.SUITE_1,
            clock,
            new MeterCredentials.Content(
                List.of(), Map.of(CertificateInfo.Type.SIGNATURE, state.signing()), Map.of()),
            _ -> {});
    MeterSecurity reading = security(keys, credentials, SecurityPolicy.AUTHENTICATED_ENCRYPTED);
    MeterSecurity signed = security(keys, credentials, SecurityPolicy.of(true, true, true));
    SignedRequests requests =
        new SignedRequests(
            title,
            settings.serial(),
            EllipticCurve.P_256,
            new TrustedOperators(settings.operators()),
            state.transactions(),
            clock);
    List<CosemObject> objects = new ArrayList<>(meter.all());
    objects.add(new SecuritySetup(READING, reading));
    objects.add(new SecuritySetup(SIGNING, signed));
    return new LogicalDevice(
        title,
        objects,
        Map.of(
            PUBLIC,
            ClientAccess.open(Rights.READ_ALL),
            READER,
            ClientAccess.gmac(reading::context, Rights.READ_ALL),
            MANAGEMENT,
            ClientAccess.gmac(() -> signed.context().withThirdParties(requests), Rights.NOTHING)
                .thirdParties(_ -> OperatorRights.INSTANCE)));
  }

  private MeterSecurity security(
      KeyRing keys, MeterCredentials credentials, SecurityPolicy policy) {
    return new MeterSecurity(
        title,
        settings.headEnd(),
        SecuritySuite.SUITE_1,
        keys,
        credentials,
        policy,
        _ -> {}); // nobody has a right to change it
  }

  private DlmsKeys keys() {
    byte[] encryption = state.encryption().copy();
    byte[] authentication = state.authentication().copy();
    try {
      return DlmsKeys.of(encryption, authentication);
    } finally {
      Arrays.fill(encryption, (byte) 0);
      Arrays.fill(authentication, (byte) 0);
    }
  }

  /** A title that follows from the serial. */
  private static byte[] title(String serial) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(serial.getBytes(StandardCharsets.US_ASCII));
      byte[] title = {'G', 'W', 'M', 0, 0, 0, 0, 0};
      System.arraycopy(hash, 0, title, 3, TITLE - 3);
      return title;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is missing in this Java", e);
    }
  }

  /** Its system title, 8 bytes. */
  public byte[] title() {
    return title.clone();
  }

  /** Where it listens. */
  public int port() {
    return server.port();
  }

  /** Whether its premises are connected. */
  public boolean isConnected() {
    return meter.relay().state() == DisconnectControl.State.CONNECTED;
  }

  /** Its breaker, for whoever stands before it. */
  public DisconnectControl breaker() {
    return meter.relay();
  }

  /** Plays what its objects do by themselves since it was called last. */
  public void run() {
    meter.clockwork().run();
  }

  /**
   * Writes its shipment, its keys wrapped to the office's public key.
   *
   * @throws IOException where the file cannot be written
   */
  public void writeShipment(Path file, PublicKey office) throws IOException {
    Files.writeString(
        file,
        "serial,system_title,profile,zone,key_id,guek,gak,address,companion,receipt_key,signing\n"
            + String.join(
                ",",
                settings.serial(),
                HexFormat.of().withUpperCase().formatHex(title),
                "captures",
                settings.zone().getId(),
                "1",
                wrapped(state.encryption(), office),
                wrapped(state.authentication(), office),
                settings.listen().getHostString() + ":" + port(),
                "suite1",
                Base64.getEncoder().encodeToString(state.signing().getPublic().getEncoded()),
                "dlms")
            + "\n");
  }

  private static String wrapped(Secret key, PublicKey office) {
    return Base64.getEncoder().encodeToString(KeyWrap.forShipment(office, key));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
