package org.gridwarden.mdm.tariff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.LocalDate;
import java.util.Objects;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.mdm.DeskFault;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.Signer;
import org.gridwarden.security.command.TariffManifest;
import org.gridwarden.store.OperatorKeys;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions of tariffs over a real store: who may sign them, which holds when, and for ever. */
class TariffDeskIT {
  private static final Actor BEA = new Actor(Actor.Kind.PERSON, "bea");
  private static final Actor CARL = new Actor(Actor.Kind.PERSON, "carl");
  private static final Actor SAM = new Actor(Actor.Kind.PERSON, "sam");
  private static final LocalDate JANUARY = LocalDate.of(2027, 1, 1);
  private static final LocalDate JULY = LocalDate.of(2027, 7, 1);

  @TempDir private static Path folder;
  private static Store store;
  private static TariffDesk desk;
  private static KeyPair keyOfBea;
  private static KeyPair keyOfCarl;

  @BeforeAll
  static void open() throws Exception {
    store = Store.open(StoreSettings.embedded(folder));
    desk = new TariffDesk(store.unitOfWork(), store.tariffs(), store.operatorKeys());
    keyOfBea = taken(BEA);
    keyOfCarl = taken(CARL);
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @Test
  void aVersionHoldsFromItsDayUntilTheNext() throws Exception {
    add("home", 1, JANUARY, "0.25");
    add("home", 2, JULY, "0.27");
    assertThat(price("home", LocalDate.of(2027, 6, 30))).isEqualTo("0.25");
    assertThat(price("home", JULY)).isEqualTo("0.27");
    assertThat(desk.on("home", JANUARY.minusDays(1))).isEmpty();
    assertThat(desk.on("office", JULY)).isEmpty();

    // what is put right afterwards is a version more, which begins on an earlier day
    add("home", 3, LocalDate.of(2027, 3, 1), "0.24");
    assertThat(price("home", LocalDate.of(2027, 2, 28))).isEqualTo("0.25");
    assertThat(price("home", LocalDate.of(2027, 3, 1))).isEqualTo("0.24");
    assertThat(price("home", JULY)).isEqualTo("0.27");
    add("home", 4, JULY, "0.28");
    assertThat(price("home", JULY)).isEqualTo("0.28");
    assertThat(store.tariffs().during("home", LocalDate.of(2027, 2, 1), LocalDate.of(2028, 1, 1)))
        .extracting(v -> v.version())
        .containsExactly(1, 3, 4);
    assertThat(store.tariffs().during("home", JULY, JULY.plusDays(1)))
        .extracting(v -> v.version())
        .containsExactly(4);
    assertThat(desk.version("home", 2).orElseThrow().stored().document())
        .isEqualTo(document("0.27"));
  }

  @Test
  void whatIsStoredShowsWhoSignedWhat() throws Exception {
    add("shown", 1, JANUARY, "0.3");
    var stored = desk.version("shown", 1).orElseThrow().stored();
    byte[] payload = Signed.parse(stored.signed()).open(Purpose.TARIFF, keyOfBea.getPublic());
    assertThat(stored.signer()).isEqualTo(keyOfBea.getPublic().getEncoded());
    TariffManifest manifest = TariffManifest.parse(payload);
    assertThat(manifest.id()).isEqualTo("shown");
    assertThat(manifest.validFrom()).isEqualTo(JANUARY);
    manifest.check(stored.document());
    assertThat(stored.listed().addedBy()).isEqualTo("bea");
  }

  @Test
  void aVersionIsTheNextOneOrRefused() throws Exception {
    add("row", 1, JANUARY, "0.1");
    refused(Fault.Code.CONFLICT, "the next version of row is 2", "row", 1, "0.2", keyOfBea, BEA);
    refused(Fault.Code.CONFLICT, "the next version of row is 2", "row", 3, "0.2", keyOfBea, BEA);
    refused(Fault.Code.CONFLICT, "the next version of new is 1", "new", 2, "0.2", keyOfBea, BEA);
  }

  @Test
  void whoBringsItSignedIt() throws Exception {
    refused(Fault.Code.UNAUTHENTICATED, "no key of yours", "others", 1, "0.2", keyOfCarl, BEA);
    KeyPair unknown = pair();
    refused(Fault.Code.UNAUTHENTICATED, "no key of yours", "others", 1, "0.2", unknown, BEA);
    byte[] signed = sign("others", 1, JANUARY, document("0.2"), keyOfBea);
    assertThatThrownBy(() -> desk.add(document("0.1"), signed, BEA))
        .isInstanceOf(DeskFault.class)
        .hasMessageContaining("the one that was signed has");
    assertThatThrownBy(() -> desk.add(document("0.2"), new byte[] {1}, BEA))
        .isInstanceOf(DeskFault.class);
    // an order, a receipt or a trust list is no tariff, whoever signed it
    byte[] manifest =
        TariffManifest.of("others", 1, JANUARY, "gridwarden", document("0.2")).bytes();
    byte[] order = Signed.sign(Purpose.ORDER, Signer.of(keyOfBea), manifest).bytes();
    assertThatThrownBy(() -> desk.add(document("0.2"), order, BEA)).isInstanceOf(DeskFault.class);
    assertThat(store.tariffs().newest("others")).isEmpty();
  }

  @Test
  void whatNoBillCanBeMadeByIsNotTakenIn() throws Exception {
    byte[] wrong = "gridwarden-tariff: 1\nname: t\n".getBytes(StandardCharsets.UTF_8);
    byte[] signed = sign("wrong", 1, JANUARY, wrong, keyOfBea);
    assertThatThrownBy(() -> desk.add(wrong, signed, BEA))
        .isInstanceOf(DeskFault.class)
        .hasMessageContaining("'currency'");
    assertThat(store.tariffs().newest("wrong")).isEmpty();
  }

  @Test
  void pricesAreNamedByTheirHash() throws Exception {
    byte[] prices =
        "start,per_kwh\n2027-01-01T00:00Z,0.1\n2027-01-01T01:00Z,0.2\n"
            .getBytes(StandardCharsets.UTF_8);
    String hash =
        java.util.HexFormat.of()
            .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(prices));
    byte[] document =
        (text("0.1") + "  market: {files: [{file: p.csv, sha256: " + hash + "}]}\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] signed = sign("market", 1, JANUARY, document, keyOfBea);
    assertThatThrownBy(() -> desk.add(document, signed, BEA))
        .isInstanceOf(DeskFault.class)
        .hasMessageContaining("bring it first");
    assertThat(desk.addPrices(prices, BEA)).isEqualTo(java.util.HexFormat.of().parseHex(hash));
    desk.addPrices(prices, CARL); // again, and nothing changes
    desk.add(document, signed, BEA);
    var dynamic = desk.on("market", JULY).orElseThrow().tariff().terms().dynamic();
    assertThat(Objects.requireNonNull(dynamic).curve().prices())
        .containsExactly(100_000_000L, 200_000_000L);
    assertThatThrownBy(() -> desk.addPrices("start\n".getBytes(StandardCharsets.UTF_8), BEA))
        .isInstanceOf(DeskFault.class)
        .hasMessageContaining("start,per_kwh");
  }

  private static void refused(
      Fault.Code code, String says, String id, int version, String price, KeyPair key, Actor by)
      throws Exception {
    byte[] document = document(price);
    byte[] signed = sign(id, version, JANUARY, document, key);
    assertThatThrownBy(() -> desk.add(document, signed, by))
        .isInstanceOfSatisfying(DeskFault.class, e -> assertThat(e.fault().code()).isEqualTo(code))
        .hasMessageContaining(says);
  }

  private static void add(String id, int version, LocalDate from, String price) throws Exception {
    byte[] document = document(price);
    desk.add(document, sign(id, version, from, document, keyOfBea), BEA);
  }

  private static String price(String id, LocalDate day) {
    return desk.on(id, day)
        .orElseThrow()
        .tariff()
        .energy()
        .getFirst()
        .tiers()
        .getFirst()
        .rate()
        .toPlainString();
  }

  private static String text(String price) {
    return "gridwarden-tariff: 1\nname: t\ncurrency: EUR\nrounding: {lines: half-up}\nenergy:\n"
        + "  price: "
        + price
        + "\n";
  }

  private static byte[] document(String price) {
    return text(price).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sign(String id, int version, LocalDate from, byte[] document, KeyPair key)
      throws Exception {
    return TariffManifest.of(id, version, from, "gridwarden", document).sign(Signer.of(key));
  }

  private static KeyPair taken(Actor who) throws Exception {
    KeyPair pair = pair();
    byte[] keyId = Signed.keyId(pair.getPublic());
    OperatorKeys.Key key = new OperatorKeys.Key(who.name(), pair.getPublic().getEncoded());
    OperatorKeys keys = store.operatorKeys();
    boolean there =
        store
            .unitOfWork()
            .call(tx ->
                keys.ask(tx, keyId, key, "desk", "file", 10, who) && keys.approve(tx, keyId, SAM));
    assertThat(there).isTrue();
    return pair;
  }

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }
}
