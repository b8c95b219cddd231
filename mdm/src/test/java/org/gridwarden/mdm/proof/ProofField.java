package org.gridwarden.mdm.proof;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Day;
import org.gridwarden.core.Quality;
import org.gridwarden.mdm.billing.UrdbTariff;
import org.gridwarden.security.audit.Checkpoint;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.security.audit.MerkleTree;
import org.gridwarden.security.audit.SignedCheckpoint;
import org.gridwarden.security.audit.TreeHash;
import tools.jackson.databind.node.ObjectNode;

/** A bill of October 2026 with its proof, made without a store: a day of 25 hours is in it. */
final class ProofField {
  static final ZoneId ZURICH = ZoneId.of("Europe/Zurich");
  static final LocalDate FROM = LocalDate.of(2026, 10, 1);
  static final LocalDate TO = LocalDate.of(2026, 11, 1);
  static final Instant ISSUED = Instant.parse("2026-11-03T05:00:00Z");
  static final TariffParser URDB = (document, others) -> UrdbTariff.parse(document);

  /** Dear by day, cheap by night and at weekends; a fixed charge. */
  static final String TARIFF = tariff("0.30");

  private static final String SALT = "000102030405060708090a0b0c0d0e0f";

  final KeyPair office = pair();
  final List<DayRecord> days = new ArrayList<>();
  final List<List<ReceivedRecord.Message>> messages = new ArrayList<>();

  ProofField() {
    for (LocalDate date = FROM; date.isBefore(TO); date = date.plusDays(1)) {
      Day day = Day.of(date, ZURICH, java.time.Duration.ofMinutes(15));
      List<SlotRecord> slots = new ArrayList<>();
      for (int i = 0; i < day.slots(); i++) {
        boolean estimated = date.getDayOfMonth() == 12 && i >= 40 && i < 44;
        slots.add(
            estimated
                ? new SlotRecord(120, Quality.ESTIMATED, 1, "blend", "gap")
                : SlotRecord.good(100 + 3L * (i % 24) + date.getDayOfMonth() % 5));
      }
      days.add(
          new DayRecord(
              "M1",
              "1.0.1.29.0.255",
              date,
              day.start(),
              900,
              "Wh",
              0,
              1,
              slots,
              Optional.empty(),
              SALT));
      List<ReceivedRecord.Message> its = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        byte[] raw = (date + " message " + i).getBytes(StandardCharsets.UTF_8);
        its.add(ReceivedRecord.Message.of(date.getDayOfYear() * 10L + i, raw));
      }
      messages.add(its);
    }
  }

  static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String tariff(String day) {
    String weekday = "[" + "0,".repeat(7) + "1,".repeat(13) + "0,0,0,0]";
    String weekend = "[" + "0,".repeat(23) + "0]";
    return "{\"name\":\"Day and night\",\"currency\":\"CHF\",\"energyratestructure\":"
        + "[[{\"rate\":0.18}],[{\"rate\":"
        + day
        + "}]],\"energyweekdayschedule\":["
        + (weekday + ",").repeat(11)
        + weekday
        + "],\"energyweekendschedule\":["
        + (weekend + ",").repeat(11)
        + weekend
        + "],\"fixedchargefirstmeter\":9.5,\"fixedchargeunits\":\"$/month\"}";
  }

  static TariffUse use(String document) {
    return new TariffUse(
        "day-night",
        3,
        CanonicalJson.digest(document.getBytes(StandardCharsets.UTF_8)),
        "Day and night",
        FROM,
        TO,
        FROM,
        FROM,
        false);
  }

  /** The bill as the office reckons it. */
  BillDocument bill(Addressee addressee) throws Exception {
    return bill(addressee, List.of(new MeterTime("M1", start(FROM), start(TO))));
  }

  BillDocument bill(Addressee addressee, List<MeterTime> times) throws Exception {
    TariffUse use = use(TARIFF);
    PointLoad.Merged merged = Reckoner.load("SP-1", days, times, ZURICH, use);
    BillPart part =
        new Reckoner()
            .part(
                UrdbTariff.parse(TARIFF.getBytes(StandardCharsets.UTF_8)),
                merged.load(),
                ZURICH,
                use);
    return new BillDocument(
        "2026-000001",
        BillDocument.BILL,
        ISSUED,
        LogKey.evidenceName(office.getPublic()),
        new BillDocument.Customer("100001", addressee.commitment()),
        "SP-1",
        ZURICH,
        FROM,
        TO,
        "",
        "",
        Currency.getInstance("CHF"),
        part.total(),
        List.of(part),
        times,
        days,
        received(),
        SALT);
  }

  private List<ReceivedRecord> received() {
    List<ReceivedRecord> records = new ArrayList<>();
    for (int i = 0; i < messages.size(); i++) {
      ReceivedRecord.Chain chain = new ReceivedRecord.Chain();
      messages.get(i).forEach(chain::add);
      records.add(new ReceivedRecord("M1", FROM.plusDays(i), chain.count(), chain.hex(), SALT));
    }
    return records;
  }

  static Addressee anna() {
    return new Addressee("Anna Muster", List.of("Seestrasse 7", "8000 Zürich"), SALT);
  }

  ObjectNode file() throws Exception {
    return file(bill(anna()), false);
  }

  /**
   * A bill with its proof.
   *
   * @param late whether the office commits to the readings after the bill
   */
  ObjectNode file(BillDocument bill, boolean late) throws Exception {
    byte[] canonical = CanonicalJson.of(bill.json());
    TreeHash billLeaf =
        CanonicalJson.leaf(BillDocument.leaf(bill.number(), CanonicalJson.digest(canonical)));
    List<TreeHash> leaves = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      leaves.add(TreeHash.leaf(("another's " + i).getBytes(StandardCharsets.UTF_8)));
    }
    if (late) {
      leaves.add(billLeaf);
    }
    int firstDay = leaves.size();
    bill.days().forEach(d -> leaves.add(d.leaf()));
    int firstReceived = leaves.size();
    bill.received().forEach(r -> leaves.add(r.leaf()));
    if (!late) {
      leaves.add(billLeaf);
    }
    int at = late ? 5 : leaves.size() - 1;
    leaves.add(TreeHash.leaf(new byte[] {1}));
    MerkleTree.Nodes nodes = (level, index) -> node(leaves, level, index);
    int size = leaves.size();
    String checkpoint =
        SignedCheckpoint.sign(
                new Checkpoint(
                    LogKey.evidenceName(office.getPublic()),
                    size,
                    MerkleTree.root(nodes, size),
                    ISSUED),
                office.getPrivate())
            .text();
    return ProofFile.write(
        canonical,
        bill,
        Optional.of(anna()),
        checkpoint,
        new LeafProof(at, MerkleTree.inclusion(nodes, at, size)),
        proofs(nodes, firstDay, bill.days().size(), size),
        proofs(nodes, firstReceived, bill.received().size(), size),
        messages.stream().map(Optional::of).toList(),
        Map.of(use(TARIFF).sha256(), TARIFF));
  }

  private static List<LeafProof> proofs(MerkleTree.Nodes nodes, int from, int count, int size) {
    List<LeafProof> proofs = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      proofs.add(new LeafProof(i, MerkleTree.inclusion(nodes, i, size)));
    }
    return proofs;
  }

  private static TreeHash node(List<TreeHash> leaves, int level, long index) {
    return level == 0
        ? leaves.get((int) index)
        : TreeHash.node(node(leaves, level - 1, 2 * index), node(leaves, level - 1, 2 * index + 1));
  }

  Verdict verify(ObjectNode file) throws ProofException {
    return new BillVerifier(office.getPublic(), List.of(), URDB)
        .verify(ProofFile.parse(file.toString().getBytes(StandardCharsets.UTF_8)));
  }

  static Instant start(LocalDate date) {
    return date.atStartOfDay(ZURICH).toInstant();
  }

  static BigDecimal decimal(String text) {
    return new BigDecimal(text);
  }
}
