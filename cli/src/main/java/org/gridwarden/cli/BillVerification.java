package org.gridwarden.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.mdm.billing.BillPage;
import org.gridwarden.mdm.proof.BillDocument;
import org.gridwarden.mdm.proof.BillVerifier;
import org.gridwarden.mdm.proof.ProofException;
import org.gridwarden.mdm.proof.ProofFile;
import org.gridwarden.mdm.proof.TariffForms;
import org.gridwarden.mdm.proof.Verdict;
import org.gridwarden.security.audit.LogException;
import org.gridwarden.security.audit.LogKey;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@link BillVerifyCommand} does. */
final class BillVerification {
  private static final int MOST_SHOWN = 10;

  private final PrintWriter out;

  BillVerification(PrintWriter out) {
    this.out = out;
  }

  void run(Path file, Path key, List<Path> authorities, boolean json) {
    List<PublicKey> meters = new ArrayList<>();
    for (Path authority : authorities) {
      meters.add(PemFile.publicKey("--meter-ca", authority));
    }
    ProofFile bill = read(file);
    Verdict verdict = new BillVerifier(key(key), meters, new TariffForms()).verify(bill);
    if (json) {
      out.println(json(verdict));
    } else {
      print(verdict);
    }
    out.flush();
    if (!verdict.holds()) {
      Verdict.Finding first = verdict.findings().getFirst();
      throw new Failure("the bill does not hold: " + first.where() + ": " + first.what());
    }
  }

  private static ProofFile read(Path file) {
    try {
      if (Files.size(file) > ProofFile.LONGEST) {
        throw new Failure(file + " is too long for a bill", Gridwarden.WRONG_INPUT);
      }
      return ProofFile.parse(Files.readAllBytes(file));
    } catch (ProofException e) {
      throw new Failure(
          file + " is no bill with its proof: " + e.getMessage(), Gridwarden.WRONG_INPUT);
    } catch (NoSuchFileException e) {
      throw new Failure("there is no file " + file, Gridwarden.WRONG_INPUT);
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private static PublicKey key(Path file) {
    try {
      return LogKey.publicKey(Files.readString(file));
    } catch (LogException e) {
      throw new Failure(file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    } catch (IOException e) {
      throw new Failure("cannot read " + file + ": " + e.getMessage(), Gridwarden.WRONG_INPUT);
    }
  }

  private void print(Verdict verdict) {
    BillDocument bill = verdict.bill();
    out.printf(
        "%s %s, %s, %s to %s%n",
        bill.credit() ? "Credit" : "Bill",
        bill.number(),
        bill.servicePoint(),
        bill.from(),
        bill.to().minusDays(1));
    if (!bill.replaces().isEmpty()) {
      out.printf("%s bill %s%n", bill.credit() ? "takes back" : "replaces", bill.replaces());
    }
    List<List<String>> rows = new ArrayList<>();
    for (Verdict.Graded line : verdict.lines()) {
      rows.add(
          List.of(
              line.month().toString(),
              line.line().text(),
              BillPage.figure(line.line().quantity(), 3) + " " + line.line().unit(),
              line.line().price().toPlainString(),
              line.line().amount().toPlainString(),
              rests(line),
              line.grade().word()));
    }
    if (!rows.isEmpty()) {
      Table.print(
          out, List.of("month", "line", "quantity", "price", "amount", "rests on", "grade"), rows);
    }
    out.printf("Total: %s %s%n%n", bill.total().toPlainString(), bill.currency());
    if (verdict.holds()) {
      out.printf(
          "It holds: each figure follows from %d meter-days of readings%s; the office committed to"
              + " them before the bill,%nand to the bill, in the tree of %d leaves that it signed"
              + " at %s.%n",
          verdict.days(),
          verdict.messages() > 0 ? ", which came in " + verdict.messages() + " messages" : "",
          verdict.checkpoint().orElseThrow().size(),
          verdict.checkpoint().orElseThrow().at());
    } else {
      out.println("It does not hold:");
      verdict.findings().stream()
          .limit(MOST_SHOWN)
          .forEach(f -> out.printf("  %s: %s%n", f.where(), f.what()));
      if (verdict.findings().size() > MOST_SHOWN) {
        out.printf("  and %d more (--json)%n", verdict.findings().size() - MOST_SHOWN);
      }
    }
  }

  private static String rests(Verdict.Graded line) {
    if (line.slots() == 0) {
      return "the tariff";
    }
    return line.slots()
        + " slots"
        + (line.estimated() > 0 ? ", " + line.estimated() + " estimated" : "")
        + (line.edited() > 0 ? ", " + line.edited() + " edited" : "");
  }

  private static ObjectNode json(Verdict verdict) {
    BillDocument bill = verdict.bill();
    ObjectNode json =
        JsonMapper.shared()
            .createObjectNode()
            .put("ok", verdict.holds())
            .put("number", bill.number())
            .put("kind", bill.kind())
            .put("total", bill.total().toPlainString())
            .put("currency", bill.currency().getCurrencyCode())
            .put("days", verdict.days())
            .put("messages", verdict.messages());
    verdict
        .checkpoint()
        .ifPresent(c -> json.put("leaves", c.size()).put("signed", c.at().toString()));
    ArrayNode findings = json.putArray("findings");
    for (Verdict.Finding finding : verdict.findings()) {
      findings.addObject().put("where", finding.where()).put("what", finding.what());
    }
    ArrayNode lines = json.putArray("lines");
    for (Verdict.Graded line : verdict.lines()) {
      lines
          .addObject()
          .put("month", line.month().toString())
          .put("text", line.line().text())
          .put("amount", line.line().amount().toPlainString())
          .put("slots", line.slots())
          .put("estimated", line.estimated())
          .put("edited", line.edited())
          .put("days_signed_by_meter", line.signedDays())
          .put("days", line.days())
          .put("grade", line.grade().word());
    }
    return json;
  }
}
