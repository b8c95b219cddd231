package org.gridwarden.mdm.proof;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.mdm.billing.BillLine;
import org.gridwarden.mdm.billing.IncompleteLoadException;
import org.gridwarden.mdm.billing.Tariff;
import org.gridwarden.mdm.billing.TariffException;
import org.gridwarden.mdm.proof.Verdict.Finding;
import org.gridwarden.mdm.proof.Verdict.Grade;
import org.gridwarden.mdm.proof.Verdict.Graded;
import org.gridwarden.security.audit.Checkpoint;
import org.gridwarden.security.audit.LogException;
import org.gridwarden.security.audit.LogKey;
import org.gridwarden.security.audit.SignedCheckpoint;

/**
 * Verifies a bill with nothing but the office's public key: that every figure follows from the
 * readings and tariffs in the file, that the office committed to these readings before it billed
 * them, and to the bill as it stands. Thread-safe.
 */
public final class BillVerifier {
  private static final int MOST_FINDINGS = 100;

  private final PublicKey office;
  private final MeterSignatures signatures;
  private final TariffParser tariffs;

  /**
   * @param office the key of the audit log, as {@code audit key} prints it
   * @param meterAuthorities keys under which meters' certificates are issued; none: whose
   *     certificate one is is the office's word
   */
  public BillVerifier(PublicKey office, List<PublicKey> meterAuthorities, TariffParser tariffs) {
    this.office = office;
    this.signatures = new MeterSignatures(List.copyOf(meterAuthorities));
    this.tariffs = tariffs;
  }

  /** Verifies. */
  public Verdict verify(ProofFile file) {
    return new Run(file).verdict();
  }

  /** One verification. */
  private final class Run {
    private final ProofFile file;
    private final BillDocument bill;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<DayRecord> signed = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Graded> lines = new ArrayList<>();
    private Optional<Checkpoint> checkpoint = Optional.empty();
    private long messages;

    Run(ProofFile file) {
      this.file = file;
      this.bill = file.bill();
    }

    Verdict verdict() {
      checkpoint();
      days();
      received();
      if (bill.credit()) {
        credit();
      } else {
        parts();
      }
      document();
      return new Verdict(bill, findings, lines, checkpoint, messages, bill.days().size());
    }

    private void found(String where, String what) {
      if (findings.size() < MOST_FINDINGS) {
        findings.add(new Finding(where, what));
      }
    }

    private void checkpoint() {
      try {
        Checkpoint signed = SignedCheckpoint.open(file.checkpoint(), office).checkpoint();
        if (!signed.log().equals(LogKey.evidenceName(office))) {
          found("checkpoint", "it is of another log: " + signed.log());
          return;
        }
        checkpoint = Optional.of(signed);
      } catch (LogException e) {
        found("checkpoint", e.getMessage() + ": it is another office's, or was changed");
      }
    }

    private void days() {
      if (file.dayProofs().size() != bill.days().size()) {
        found(
            "days",
            "the bill has "
                + bill.days().size()
                + " days of readings, and there are proofs of "
                + file.dayProofs().size()
                + ": one was removed or added");
      }
      for (int i = 0; i < bill.days().size(); i++) {
        DayRecord day = bill.days().get(i);
        if (i < file.dayProofs().size()) {
          day(i, day);
        }
        try {
          if (signatures.of(day).isPresent()) {
            signed.add(day);
          }
        } catch (ProofException e) {
          found("signature", String.valueOf(e.getMessage()));
        }
      }
    }

    private void day(int index, DayRecord day) {
      LeafProof proof = file.dayProofs().get(index);
      if (shown("days", index, proof)) {
        return;
      }
      String where = place(day);
      String marks = file.marks().get(index);
      int width = day.slots().isEmpty() ? 1 : day.mark(0).length();
      if (marks.length() != day.slots().size() * width) {
        found(
            where,
            "it has "
                + day.slots().size()
                + " slots, and the office committed to "
                + marks.length() / width
                + ": one was removed or added");
        return;
      }
      boolean exact = false;
      for (int slot = 0; slot < day.slots().size(); slot++) {
        if (!marks.regionMatches(slot * width, day.mark(slot), 0, width)) {
          found(
              where + ", slot " + day.startOf(slot),
              "its value, quality or version is not what the office committed to");
          exact = true;
        }
      }
      if (!exact) {
        found(where, "its readings are not those that the office committed to");
      }
    }

    /** Whether a record stands in the tree; without a checkpoint nothing is known to be wrong. */
    private boolean shown(String list, int index, LeafProof proof) {
      return checkpoint.isEmpty() || proof.shows(file.leaf(list, index), checkpoint.get());
    }

    private void received() {
      if (file.receivedProofs().size() != bill.received().size()) {
        found(
            "received",
            "the bill has "
                + bill.received().size()
                + " days of messages, and there are proofs of "
                + file.receivedProofs().size()
                + ": one was removed or added");
        return;
      }
      for (int i = 0; i < bill.received().size(); i++) {
        ReceivedRecord day = bill.received().get(i);
        String where = "messages of meter " + day.meter() + ", received " + day.day();
        if (!shown("received", i, file.receivedProofs().get(i))) {
          found(where, "they are not those that the office committed to");
        }
        messages += day.count();
        if (file.messages().get(i).isPresent()) {
          List<ReceivedRecord.Message> list = file.messages().get(i).get();
          ReceivedRecord.Chain chain = new ReceivedRecord.Chain();
          list.forEach(chain::add);
          if (chain.count() != day.count()) {
            found(
                where,
                "there are "
                    + chain.count()
                    + " of them, and the office committed to "
                    + day.count()
                    + ": one was removed or added");
          } else if (!chain.hex().equals(day.chain())) {
            found(where, "one of them is another than the office received, or their order is");
          }
        }
      }
    }

    private void credit() {
      if (bill.replaces().isEmpty() || !bill.parts().isEmpty()) {
        found("credit", "it names no bill that it takes back");
      }
    }

    private void parts() {
      LocalDate next = bill.from();
      BigDecimal total = BigDecimal.ZERO;
      Reckoner reckoner = new Reckoner();
      for (BillPart part : bill.parts()) {
        TariffUse use = part.tariff();
        if (!use.from().equals(next)) {
          found("tariff " + use.id(), "it begins " + use.from() + ", and not " + next);
        }
        next = use.to();
        total = total.add(part.total());
        part(reckoner, part);
      }
      if (!next.equals(bill.to())) {
        found("period", "the bill ends " + bill.to() + ", and its last tariff " + next);
      }
      if (total.compareTo(bill.total()) != 0) {
        found(
            "total",
            "the bill says "
                + bill.total().toPlainString()
                + ", and its lines sum up to "
                + total.toPlainString());
      }
    }

    private void part(Reckoner reckoner, BillPart part) {
      TariffUse use = part.tariff();
      grade(part);
      Optional<Tariff> tariff = tariff(use);
      if (tariff.isEmpty()) {
        return;
      }
      if (!tariff.get().currency().equals(bill.currency())) {
        found("currency", "the tariff " + use.id() + " is in " + tariff.get().currency());
      }
      try {
        PointLoad.Merged merged =
            Reckoner.load(bill.servicePoint(), bill.days(), bill.times(), bill.zone(), use);
        if (!merged.gaps().isEmpty()) {
          found(
              "slot " + merged.gaps().getFirst(),
              "no value is known of it"
                  + (merged.gaps().size() > 1
                      ? ", nor of " + (merged.gaps().size() - 1) + " others"
                      : "")
                  + ": readings were removed");
          return;
        }
        compare(part, reckoner.part(tariff.get(), merged.load(), bill.zone(), use));
      } catch (PointLoad.UnfitException e) {
        found("readings", String.valueOf(e.getMessage()));
      } catch (IncompleteLoadException | ArithmeticException | IllegalArgumentException e) {
        found("tariff " + use.id(), "the bill cannot be reckoned again: " + e.getMessage());
      }
    }

    private Optional<Tariff> tariff(TariffUse use) {
      String where = "tariff " + use.id() + ", version " + use.version();
      if (!file.documents().containsKey(use.sha256())) {
        found(where, "its document is not in the file, or another stands in its place");
        return Optional.empty();
      }
      Optional<byte[]> document = genuine(use.sha256());
      if (document.isEmpty()) {
        found(where, "its document is not the one that the bill was made by");
        return Optional.empty();
      }
      try {
        return Optional.of(tariffs.read(document.get(), this::genuine));
      } catch (TariffException e) {
        found(where, String.valueOf(e.getMessage()));
        return Optional.empty();
      }
    }

    /** A document whose bytes have the hash that it is named by. */
    private Optional<byte[]> genuine(String sha256) {
      return Optional.ofNullable(file.documents().get(sha256))
          .map(text -> text.getBytes(StandardCharsets.UTF_8))
          .filter(bytes -> CanonicalJson.digest(bytes).equals(sha256));
    }

    private void compare(BillPart said, BillPart reckoned) {
      if (said.months().size() != reckoned.months().size()) {
        found(
            "tariff " + said.tariff().id(),
            said.months().size()
                + " months are billed, and it is about "
                + reckoned.months().size());
        return;
      }
      for (int m = 0; m < said.months().size(); m++) {
        Month one = said.months().get(m);
        Month other = reckoned.months().get(m);
        String where = one.month().toString();
        if (!one.month().equals(other.month()) || one.days() != other.days()) {
          found(where, "the month or its days are not those that were measured");
        }
        figure(where, "energy, in kWh", one.used(), other.used());
        figure(where, "billed demand, in kW", one.billedDemand(), other.billedDemand());
        if (one.lines().size() != other.lines().size()) {
          found(
              where,
              "it has "
                  + one.lines().size()
                  + " lines, and "
                  + other.lines().size()
                  + " follow from tariff and readings");
        }
        for (int l = 0; l < Math.min(one.lines().size(), other.lines().size()); l++) {
          line(where + ", line " + (l + 1), one.lines().get(l), other.lines().get(l));
        }
        figure(where, "total", one.total(), other.total());
      }
    }

    private void line(String where, Line said, Line reckoned) {
      if (!said.says(reckoned)) {
        found(
            where + " (" + said.text() + ")",
            "it says " + words(said) + ", and tariff and readings give " + words(reckoned));
      }
    }

    private static String words(Line line) {
      return line.text()
          + ": "
          + line.quantity().toPlainString()
          + (line.unit().isEmpty() ? "" : " " + line.unit())
          + " x "
          + line.price().toPlainString()
          + " = "
          + line.amount().toPlainString();
    }

    private void figure(String where, String what, BigDecimal said, BigDecimal reckoned) {
      if (said.compareTo(reckoned) != 0) {
        found(
            where + ", " + what,
            "it says "
                + said.toPlainString()
                + ", and the readings give "
                + reckoned.toPlainString());
      }
    }

    private void document() {
      if (!bill.office().equals(LogKey.evidenceName(office))) {
        found("office", "the bill is another office's: " + bill.office());
      }
      if (file.addressee().isPresent()
          && !file.addressee().get().commitment().equals(bill.customer().commitment())) {
        found("customer", "the bill was made out to another name or address");
      }
      if (checkpoint.isEmpty()) {
        return;
      }
      long at = file.billProof().leaf();
      for (int i = 0; i < file.dayProofs().size() && i < bill.days().size(); i++) {
        if (file.dayProofs().get(i).leaf() >= at) {
          found(place(bill.days().get(i)), "the office committed to it after the bill");
        }
      }
      var leaf = CanonicalJson.leaf(BillDocument.leaf(bill.number(), file.digest()));
      if (!file.billProof().shows(leaf, checkpoint.get())) {
        found(
            "bill " + bill.number(),
            findings.isEmpty()
                ? "its head (number, kind, account, service point, meters, reason ...) is not what"
                    + " the office issued"
                : "as a whole it is not what the office issued");
      }
    }

    private void grade(BillPart part) {
      Map<YearMonth, List<DayRecord>> byMonth = new HashMap<>();
      List<DayRecord> measured = new ArrayList<>();
      Instant from = Reckoner.at(part.tariff().measuredFrom(), bill.zone());
      Instant to = Reckoner.at(part.tariff().to(), bill.zone());
      for (DayRecord day : bill.days()) {
        if (day.start().isBefore(to) && !day.start().isBefore(from)) {
          measured.add(day);
          byMonth.computeIfAbsent(YearMonth.from(day.date()), m -> new ArrayList<>()).add(day);
        }
      }
      for (Month month : part.months()) {
        List<DayRecord> its =
            byMonth.getOrDefault(month.month(), List.of()).stream()
                .filter(d -> !d.date().isBefore(part.tariff().from()))
                .toList();
        for (Line line : month.lines()) {
          boolean none = line.kind() == BillLine.Kind.FIXED;
          boolean all = line.kind() == BillLine.Kind.DEMAND;
          lines.add(graded(month.month(), line, none ? List.of() : all ? measured : its));
        }
      }
    }

    private Graded graded(YearMonth month, Line line, List<DayRecord> days) {
      int slots = 0;
      int estimated = 0;
      int edited = 0;
      int own = 0;
      for (DayRecord day : days) {
        own += signed.contains(day) ? 1 : 0;
        for (SlotRecord slot : day.slots()) {
          slots += slot.missing() ? 0 : 1;
          estimated += !slot.measured() && !slot.edited() ? 1 : 0;
          edited += slot.edited() ? 1 : 0;
        }
      }
      Grade grade =
          days.isEmpty()
              ? Grade.NO_READINGS
              : own == days.size() ? Grade.METER_SIGNED : Grade.OFFICE_ATTESTED;
      return new Graded(month, line, slots, estimated, edited, own, days.size(), grade);
    }
  }

  private static String place(DayRecord day) {
    return "day " + day.date() + " of meter " + day.meter();
  }
}
