package org.gridwarden.mdm.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.gridwarden.mdm.billsheet.BillSheet;
import org.gridwarden.mdm.billsheet.SheetPage;
import org.gridwarden.mdm.billsheet.SheetPdf;
import org.gridwarden.mdm.billsheet.SheetXml;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What is printed is what was billed, in each form. */
class BillSheetTest {
  private static BillSheet sheet(Addressee addressee) throws Exception {
    BillDocument bill = new ProofField().bill(addressee);
    return BillSheet.of(
        bill,
        Optional.of(addressee),
        Optional.empty(),
        CanonicalJson.digest(CanonicalJson.of(bill.json())));
  }

  private static String text(byte[] pdf) throws Exception {
    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(document.getNumberOfPages()).isEqualTo(1);
      return new PDFTextStripper().getText(document);
    }
  }

  @Test
  void thePdfHoldsEveryLineOnOnePage() throws Exception {
    BillSheet sheet = sheet(ProofField.anna());

    byte[] pdf = SheetPdf.of(sheet);

    String words = text(pdf);
    assertThat(words)
        .contains("2026-000001", "Anna Muster", "8000 Zürich", "SP-1", "October 2026")
        .contains("4 were estimated", "gridwarden bill verify", sheet.digest());
    for (Line line : sheet.bill().parts().getFirst().months().getFirst().lines()) {
      assertThat(words).contains(line.text()).contains(line.amount().toPlainString());
    }
  }

  @Test
  void aNameThatTheFontCannotDrawStopsNoBill() throws Exception {
    Addressee wang = new Addressee("王 Łukasz Ωmega", List.of("Straße 1"), "00".repeat(16));

    assertThat(text(SheetPdf.of(sheet(wang)))).contains("? Łukasz Ωmega").contains("Straße 1");
  }

  @Test
  void manyLinesGoOnOnTheNextPage() throws Exception {
    BillSheet one = sheet(ProofField.anna());
    BillPart part = one.bill().parts().getFirst();
    List<Month> months = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      months.add(part.months().getFirst());
    }
    BillDocument b = one.bill();
    BillDocument many =
        new BillDocument(
            b.number(),
            b.kind(),
            b.issued(),
            b.office(),
            b.customer(),
            b.servicePoint(),
            b.zone(),
            b.from(),
            b.to(),
            "",
            "",
            b.currency(),
            b.total(),
            List.of(new BillPart(part.tariff(), months)),
            b.times(),
            b.days(),
            b.received(),
            b.salt());

    byte[] pdf =
        SheetPdf.of(BillSheet.of(many, Optional.empty(), Optional.empty(), "00".repeat(32)));

    try (PDDocument document = Loader.loadPDF(pdf)) {
      assertThat(document.getNumberOfPages()).isBetween(3, 5);
    }
  }

  @Test
  void thePageLetsNobodysNameActAsMarkup() throws Exception {
    Addressee mallory = new Addressee("<script>alert(1)</script>", List.of("\"&"), "00".repeat(16));

    String page = SheetPage.of(sheet(mallory));

    assertThat(page).contains("&lt;script&gt;").doesNotContain("<script");
    assertThat(page).contains("Energy, period 1");
  }

  @Test
  void theXmlIsAnInvoiceWhoseLinesSumUp() throws Exception {
    Addressee mallory = new Addressee("A & <B>\u0001", List.of("x"), "00".repeat(16));
    BillSheet sheet = sheet(mallory);

    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document xml =
        factory.newDocumentBuilder().parse(new InputSource(new StringReader(SheetXml.of(sheet))));

    assertThat(xml.getDocumentElement().getNamespaceURI())
        .isEqualTo("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2");
    NodeList lines =
        xml.getElementsByTagNameNS(
            "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
            "InvoiceLine");
    assertThat(lines.getLength()).isEqualTo(3);
    String cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
    assertThat(xml.getElementsByTagNameNS(cbc, "PayableAmount").item(0).getTextContent())
        .isEqualTo(sheet.bill().total().toPlainString());
  }
}
