package org.gridwarden.mdm.billsheet;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.gridwarden.mdm.billing.BillPage;
import org.gridwarden.mdm.proof.BillPart;
import org.gridwarden.mdm.proof.Line;
import org.gridwarden.mdm.proof.Month;

/** A bill as PDF, A4: one page, unless it has more lines than fit. */
public final class SheetPdf {
  private static final float LEFT = 60;
  private static final float RIGHT = PDRectangle.A4.getWidth() - 60;
  private static final float BOTTOM = 60;
  private static final Color INK = new Color(0x1b2430);
  private static final Color SOFT = new Color(0x5b6776);
  private static final Color RULE = new Color(0xdde3ea);
  private static final Color USED = new Color(0x1f6feb);
  private static final Color GUESS = new Color(0xa9c7f5);

  /** PDFBox brings it along: Liberation Sans, under the SIL Open Font License. */
  private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

  private final PDDocument document;
  private final PDFont font;
  private final BillSheet sheet;
  private PDPageContentStream page;
  private float y;

  private SheetPdf(PDDocument document, BillSheet sheet) throws IOException {
    this.document = document;
    this.sheet = sheet;
    try (InputStream ttf = PDDocument.class.getResourceAsStream(FONT)) {
      if (ttf == null) {
        throw new IOException("PDFBox lacks its font " + FONT);
      }
      font = PDType0Font.load(document, ttf);
    }
    page = fresh();
  }

  /** Draws it. */
  public static byte[] of(BillSheet sheet) {
    try (PDDocument document = new PDDocument()) {
      SheetPdf pdf = new SheetPdf(document, sheet);
      pdf.draw();
      pdf.page.close();
      document.getDocumentInformation().setTitle(sheet.title());
      document.getDocumentInformation().setProducer("Gridwarden");
      Calendar issued = GregorianCalendar.from(sheet.bill().issued().atZone(sheet.bill().zone()));
      document.getDocumentInformation().setCreationDate(issued);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(40_000);
      document.save(bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("the bill cannot be drawn as PDF", e);
    }
  }

  private PDPageContentStream fresh() throws IOException {
    PDPage next = new PDPage(PDRectangle.A4);
    document.addPage(next);
    y = PDRectangle.A4.getHeight() - 70;
    return new PDPageContentStream(document, next);
  }

  private void room(float height) throws IOException {
    if (y - height < BOTTOM) {
      page.close();
      page = fresh();
    }
  }

  private void draw() throws IOException {
    text(sheet.title(), LEFT, y, 18, INK, true);
    y -= 20;
    if (sheet.standing().isPresent()) {
      for (String line : wrapped(sheet.standing().get(), 10, RIGHT - LEFT)) {
        text(line, LEFT, y, 10, SOFT, false);
        y -= 14;
      }
    }
    y -= 22;
    float top = y;
    if (sheet.addressee().isPresent()) {
      text(sheet.addressee().get().name(), LEFT, y, 11, INK, false);
      for (String line : sheet.addressee().get().address()) {
        y -= 15;
        text(line, LEFT, y, 11, INK, false);
      }
    }
    float below = y;
    y = top;
    for (Map.Entry<String, String> entry : sheet.head()) {
      text(entry.getKey(), 300, y, 9, SOFT, false);
      for (String line : wrapped(entry.getValue(), 9, RIGHT - 375)) {
        text(line, 375, y, 9, INK, false);
        y -= 13;
      }
    }
    y = Math.min(y, below) - 24;
    text(sheet.due(), LEFT, y, 10, SOFT, false);
    y -= 24;
    text(
        BillPage.figure(sheet.bill().total().abs(), sheet.places()) + " " + sheet.bill().currency(),
        LEFT,
        y,
        22,
        INK,
        true);
    y -= 30;
    for (BillPart part : sheet.bill().parts()) {
      part(part);
    }
    if (!sheet.bill().parts().isEmpty()) {
      chart();
    }
    proof();
  }

  private void part(BillPart part) throws IOException {
    if (sheet.bill().parts().size() > 1) {
      room(60);
      text(part.tariff().name() + ", " + BillSheet.days(part), LEFT, y, 10.5f, INK, true);
      y -= 18;
    }
    for (Month month : part.months()) {
      room(60);
      row(
          SOFT,
          BillSheet.month(month.month()),
          "Quantity",
          "",
          "Price",
          sheet.bill().currency().getCurrencyCode());
      for (Line line : month.lines()) {
        room(20);
        row(
            INK,
            line.text(),
            BillSheet.quantity(line.quantity()),
            line.unit(),
            BillSheet.price(line.price()),
            BillPage.figure(line.amount(), sheet.places()));
      }
      text("Sum", LEFT, y, 9.5f, INK, true);
      right(BillPage.figure(month.total(), sheet.places()), RIGHT, y, 9.5f, INK, true);
      y -= 26;
    }
  }

  private void row(
      Color color, String text, String quantity, String unit, String price, String amount)
      throws IOException {
    text(fitted(text, 9.5f, 195), LEFT, y, 9.5f, color, false);
    right(quantity, 330, y, 9.5f, color, false);
    text(unit, 336, y, 9.5f, color, false);
    right(price, 440, y, 9.5f, color, false);
    right(amount, RIGHT, y, 9.5f, color, false);
    rule(y - 5);
    y -= 17;
  }

  private void rule(float at) throws IOException {
    page.setStrokingColor(RULE);
    page.setLineWidth(.6f);
    page.moveTo(LEFT, at);
    page.lineTo(RIGHT, at);
    page.stroke();
  }

  private void chart() throws IOException {
    float height = 90;
    room(height + 50);
    text("Each day's use, kWh", LEFT, y, 10.5f, INK, true);
    y -= height + 16;
    double most = sheet.most();
    float left = LEFT + 28;
    float step = (RIGHT - left) / sheet.days().size();
    for (int g = 0; g <= 2; g++) {
      float at = y + height * g / 2;
      page.setStrokingColor(RULE);
      page.setLineWidth(.6f);
      page.moveTo(left, at);
      page.lineTo(RIGHT, at);
      page.stroke();
      right(String.format(Locale.ROOT, "%.1f", most * g / 2), left - 5, at - 3, 7.5f, SOFT, false);
    }
    boolean guessed = false;
    for (int i = 0; i < sheet.days().size(); i++) {
      BillSheet.UsedDay day = sheet.days().get(i);
      float bar = (float) (Math.max(0, day.kilowattHours()) / most * height);
      float guess = (float) (bar * day.estimated());
      guessed |= guess > 0;
      float x = left + i * step + step * .12f;
      box(x, y, step * .76f, bar - guess, USED);
      box(x, y + bar - guess, step * .76f, guess, GUESS);
      if (sheet.days().size() <= 40 && (i % 5 == 0 || sheet.days().size() <= 16)) {
        String label = Integer.toString(day.date().getDayOfMonth());
        text(label, x + step * .38f - width(label, 7.5f) / 2, y - 10, 7.5f, SOFT, false);
      }
    }
    y -= 22;
    if (guessed) {
      text("Lighter: estimated, or set by a person.", LEFT, y, 8, SOFT, false);
      y -= 14;
    }
    y -= 8;
  }

  private void box(float x, float at, float width, float height, Color color) throws IOException {
    if (height > 0) {
      page.setNonStrokingColor(color);
      page.addRect(x, at, width, height);
      page.fill();
    }
  }

  private void proof() throws IOException {
    List<String> lines = new ArrayList<>();
    if (!sheet.readings().isEmpty()) {
      lines.addAll(wrapped(sheet.readings(), 8.5f, RIGHT - LEFT - 20));
    }
    lines.addAll(
        wrapped(
            "Ask for the bill with its proof, and for the office's public key, and run 'gridwarden"
                + " bill verify bill.json --key office.pem': it reckons every figure again and says"
                + " where one does not hold.",
            8.5f,
            RIGHT - LEFT - 20));
    float height = 42 + 12 * lines.size() + 12;
    room(height);
    page.setStrokingColor(RULE);
    page.setLineWidth(1);
    page.addRect(LEFT, y - height + 12, RIGHT - LEFT, height);
    page.stroke();
    y -= 6;
    text("How to check this bill", LEFT + 10, y, 10, INK, true);
    y -= 16;
    for (String line : lines) {
      text(line, LEFT + 10, y, 8.5f, INK, false);
      y -= 12;
    }
    y -= 2;
    text(sheet.bill().office(), LEFT + 10, y, 7, SOFT, false);
    y -= 10;
    text("SHA-256 " + sheet.digest(), LEFT + 10, y, 7, SOFT, false);
  }

  private void right(String text, float to, float at, float size, Color color, boolean bold)
      throws IOException {
    text(text, to - width(text, size), at, size, color, bold);
  }

  private void text(String text, float x, float at, float size, Color color, boolean bold)
      throws IOException {
    page.beginText();
    page.setFont(font, size);
    page.setNonStrokingColor(color);
    page.setStrokingColor(color);
    page.setRenderingMode(bold ? RenderingMode.FILL_STROKE : RenderingMode.FILL);
    page.setLineWidth(size * .025f);
    page.newLineAtOffset(x, at);
    page.showText(drawable(text));
    page.endText();
  }

  private float width(String text, float size) throws IOException {
    return font.getStringWidth(drawable(text)) / 1_000 * size;
  }

  private String fitted(String text, float size, float width) throws IOException {
    if (width(text, size) <= width) {
      return text;
    }
    String cut = text;
    while (!cut.isEmpty() && width(cut + "…", size) > width) {
      cut = cut.substring(0, cut.length() - 1);
    }
    return cut + "…";
  }

  private List<String> wrapped(String text, float size, float width) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && width(line + " " + word, size) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** What the font cannot draw is a question mark: a bill is drawn whatever somebody is called. */
  private String drawable(String text) {
    StringBuilder drawn = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          String one = Character.toString(c);
          try {
            font.encode(one);
            drawn.append(one);
          } catch (IOException | IllegalArgumentException e) {
            drawn.append('?');
          }
        });
    return drawn.toString();
  }
}
