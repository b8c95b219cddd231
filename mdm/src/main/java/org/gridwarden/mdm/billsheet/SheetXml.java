package org.gridwarden.mdm.billsheet;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import org.gridwarden.mdm.billing.BillLine;
import org.gridwarden.mdm.proof.BillDocument;
import org.gridwarden.mdm.proof.BillPart;
import org.gridwarden.mdm.proof.Line;
import org.gridwarden.mdm.proof.Month;

/**
 * A bill as other offices' programs read it: an Invoice or CreditNote of the Universal Business
 * Language (OASIS UBL 2.1), with the document's hash beside it. Taxes are its tax total.
 */
public final class SheetXml {
  private static final String UBL = "urn:oasis:names:specification:ubl:schema:xsd:";

  private final StringBuilder out = new StringBuilder(8_192);
  private final BillSheet sheet;
  private final BillDocument bill;
  private final String currency;

  private SheetXml(BillSheet sheet) {
    this.sheet = sheet;
    this.bill = sheet.bill();
    this.currency = bill.currency().getCurrencyCode();
  }

  /** Writes it. */
  public static String of(BillSheet sheet) {
    SheetXml xml = new SheetXml(sheet);
    xml.invoice();
    return xml.out.toString();
  }

  private void invoice() {
    String root = bill.credit() ? "CreditNote" : "Invoice";
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<")
        .append(root)
        .append(" xmlns=\"")
        .append(UBL)
        .append(root)
        .append("-2\"\n    xmlns:cac=\"")
        .append(UBL)
        .append("CommonAggregateComponents-2\"\n    xmlns:cbc=\"")
        .append(UBL)
        .append("CommonBasicComponents-2\">\n");
    value("  ", "UBLVersionID", "2.1");
    value("  ", "ID", bill.number());
    value("  ", "IssueDate", bill.issued().atZone(bill.zone()).toLocalDate().toString());
    // UN/CEFACT 1001: 380 commercial invoice, 381 credit note
    value(
        "  ",
        bill.credit() ? "CreditNoteTypeCode" : "InvoiceTypeCode",
        bill.credit() ? "381" : "380");
    if (!bill.reason().isEmpty()) {
      value("  ", "Note", bill.reason());
    }
    value("  ", "DocumentCurrencyCode", currency);
    open("  ", "InvoicePeriod");
    value("    ", "StartDate", bill.from().toString());
    value("    ", "EndDate", bill.to().minusDays(1).toString());
    close("  ", "InvoicePeriod");
    if (!bill.replaces().isEmpty()) {
      open("  ", "BillingReference");
      open("    ", "InvoiceDocumentReference");
      value("      ", "ID", bill.replaces());
      close("    ", "InvoiceDocumentReference");
      close("  ", "BillingReference");
    }
    open("  ", "AdditionalDocumentReference");
    value("    ", "ID", "sha256:" + sheet.digest());
    value("    ", "DocumentDescription", "the bill's canonical JSON in " + bill.office());
    close("  ", "AdditionalDocumentReference");
    open("  ", "AccountingSupplierParty");
    open("    ", "Party");
    open("      ", "PartyName");
    value("        ", "Name", bill.office());
    close("      ", "PartyName");
    close("    ", "Party");
    close("  ", "AccountingSupplierParty");
    customer();
    open("  ", "Delivery");
    open("    ", "DeliveryLocation");
    value("      ", "ID", bill.servicePoint());
    close("    ", "DeliveryLocation");
    close("  ", "Delivery");
    total();
    int number = 1;
    for (BillPart part : bill.parts()) {
      for (Month month : part.months()) {
        for (Line line : month.lines()) {
          if (line.kind() != BillLine.Kind.TAX) {
            line(number++, part, month, line);
          }
        }
      }
    }
    if (bill.credit()) {
      credit();
    }
    out.append("</").append(root).append(">\n");
  }

  private void customer() {
    open("  ", "AccountingCustomerParty");
    value("    ", "SupplierAssignedAccountID", bill.customer().account());
    open("    ", "Party");
    sheet
        .addressee()
        .ifPresent(a -> {
          open("      ", "PartyName");
          value("        ", "Name", a.name());
          close("      ", "PartyName");
          open("      ", "PostalAddress");
          for (String line : a.address()) {
            open("        ", "AddressLine");
            value("          ", "Line", line);
            close("        ", "AddressLine");
          }
          close("      ", "PostalAddress");
        });
    close("    ", "Party");
    close("  ", "AccountingCustomerParty");
  }

  private void total() {
    BigDecimal due = bill.credit() ? bill.total().negate() : bill.total();
    BigDecimal tax =
        bill.parts().stream()
            .flatMap(p -> p.months().stream())
            .flatMap(m -> m.lines().stream())
            .filter(l -> l.kind() == BillLine.Kind.TAX)
            .map(Line::amount)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    if (tax.signum() != 0) {
      open("  ", "TaxTotal");
      amount("    ", "TaxAmount", tax);
      close("  ", "TaxTotal");
    }
    open("  ", "LegalMonetaryTotal");
    amount("    ", "LineExtensionAmount", due.subtract(tax));
    amount("    ", "TaxExclusiveAmount", due.subtract(tax));
    amount("    ", "TaxInclusiveAmount", due);
    amount("    ", "PayableAmount", due);
    close("  ", "LegalMonetaryTotal");
  }

  private void line(int number, BillPart part, Month month, Line line) {
    open("  ", "InvoiceLine");
    value("    ", "ID", Integer.toString(number));
    measured("    ", "InvoicedQuantity", line.unit(), line.quantity());
    amount("    ", "LineExtensionAmount", line.amount());
    open("    ", "InvoicePeriod");
    value("      ", "StartDate", later(month.month().atDay(1), part.tariff().from()).toString());
    value(
        "      ",
        "EndDate",
        earlier(month.month().atEndOfMonth(), part.tariff().to().minusDays(1)).toString());
    close("    ", "InvoicePeriod");
    open("    ", "Item");
    value("      ", "Description", part.tariff().name());
    value("      ", "Name", line.text());
    close("    ", "Item");
    open("    ", "Price");
    out.append("      <cbc:PriceAmount currencyID=\"")
        .append(currency)
        .append("\">")
        .append(line.price().toPlainString())
        .append("</cbc:PriceAmount>\n");
    close("    ", "Price");
    close("  ", "InvoiceLine");
  }

  /** A credit is one line: the whole bill. */
  private void credit() {
    open("  ", "CreditNoteLine");
    value("    ", "ID", "1");
    measured("    ", "CreditedQuantity", "", BigDecimal.ONE);
    amount("    ", "LineExtensionAmount", bill.total().negate());
    open("    ", "Item");
    value("      ", "Name", "Bill " + bill.replaces());
    close("    ", "Item");
    close("  ", "CreditNoteLine");
  }

  /** Units as UN/ECE recommendation 20 has them. */
  private static String code(String unit) {
    return switch (unit) {
      case "kWh" -> "KWH";
      case "kW" -> "KWT";
      case "day" -> "DAY";
      case "month" -> "MON";
      default -> "C62"; // one
    };
  }

  private void measured(String indent, String name, String unit, BigDecimal value) {
    out.append(indent)
        .append("<cbc:")
        .append(name)
        .append(" unitCode=\"")
        .append(code(unit))
        .append("\">")
        .append(value.toPlainString())
        .append("</cbc:")
        .append(name)
        .append(">\n");
  }

  private void amount(String indent, String name, BigDecimal value) {
    out.append(indent)
        .append("<cbc:")
        .append(name)
        .append(" currencyID=\"")
        .append(currency)
        .append("\">")
        .append(value.setScale(sheet.places(), RoundingMode.HALF_UP).toPlainString())
        .append("</cbc:")
        .append(name)
        .append(">\n");
  }

  private void value(String indent, String name, String content) {
    out.append(indent)
        .append("<cbc:")
        .append(name)
        .append('>')
        .append(text(content))
        .append("</cbc:")
        .append(name)
        .append(">\n");
  }

  private void open(String indent, String name) {
    out.append(indent).append("<cac:").append(name).append(">\n");
  }

  private void close(String indent, String name) {
    out.append(indent).append("</cac:").append(name).append(">\n");
  }

  private static LocalDate later(LocalDate a, LocalDate b) {
    return a.isAfter(b) ? a : b;
  }

  private static LocalDate earlier(LocalDate a, LocalDate b) {
    return a.isBefore(b) ? a : b;
  }

  /** What XML 1.0 has no place for becomes a space. */
  private static String text(String raw) {
    StringBuilder text = new StringBuilder();
    raw.codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> text.append("&amp;");
            case '<' -> text.append("&lt;");
            case '>' -> text.append("&gt;");
            default -> text.appendCodePoint(c < 0x20 || c == 0xfffe || c == 0xffff ? ' ' : c);
          }
        });
    return text.toString();
  }
}
