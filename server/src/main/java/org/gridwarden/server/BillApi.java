package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.Locale;
import java.util.UUID;
import org.gridwarden.core.Fault;
import org.gridwarden.mdm.billrun.BillingOffice;
import org.gridwarden.mdm.billrun.Blocked;
import org.gridwarden.mdm.billsheet.SheetPage;
import org.gridwarden.mdm.billsheet.SheetPdf;
import org.gridwarden.mdm.billsheet.SheetXml;
import org.gridwarden.store.BillBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Bills as they were issued, in each of their forms. */
@RestController
@RequestMapping("/api/v1/bills")
class BillApi {
  private final Office office;

  BillApi(Office office) {
    this.office = office;
  }

  /**
   * A bill's head.
   *
   * @param kind bill or credit
   * @param to the period's last day
   * @param total as a decimal string
   * @param replaces the bill that it takes back, or takes the place of
   * @param creditedBy the credit that took it back
   */
  record BillView(
      String number,
      String kind,
      String issued,
      String account,
      String servicePoint,
      String from,
      String to,
      String total,
      String currency,
      @Nullable String replaces,
      @Nullable String creditedBy,
      String run) {
    static BillView of(BillBook.Head head) {
      return new BillView(
          head.number(),
          head.kind().name().toLowerCase(Locale.ROOT),
          head.issued().toString(),
          head.account(),
          head.servicePoint(),
          head.from().toString(),
          head.to().minusDays(1).toString(),
          head.total().toPlainString(),
          head.currency(),
          head.replaces().orElse(null),
          head.creditedBy().orElse(null),
          head.run().toString());
    }
  }

  /** Why a bill is taken back. */
  record CorrectionForm(@Nullable String reason) {}

  /** What came of it: the credit's number and the new bill's. */
  record CorrectionView(String credit, String bill) {}

  @GetMapping
  ReadingApi.Items<BillView> bills(
      @RequestParam @Nullable String account,
      @RequestParam @Nullable String servicePoint,
      @RequestParam @Nullable String run,
      @RequestParam @Nullable String before,
      @RequestParam(defaultValue = "100") int size) {
    UUID which = run == null || run.isEmpty() ? null : BillRunApi.id(run);
    return new ReadingApi.Items<>(
        office
            .store()
            .bills()
            .list(account, servicePoint, which, before, Requests.within("size", size, 1, 1_000))
            .stream()
            .map(BillView::of)
            .toList());
  }

  @GetMapping(path = "/key", produces = MediaType.TEXT_PLAIN_VALUE)
  String key() {
    return office.notary().publicPem();
  }

  @GetMapping(path = "/{number}", produces = MediaType.APPLICATION_JSON_VALUE)
  BillView bill(@PathVariable String number) {
    return BillView.of(office.billing().stored(number).head());
  }

  @ApiResponse(
      responseCode = "200",
      content =
          @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")))
  @GetMapping(path = "/{number}/proof", produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] proof(@PathVariable String number, @RequestParam(defaultValue = "true") boolean messages) {
    return office.billing().proof(number, messages);
  }

  @ApiResponse(
      responseCode = "200",
      content = @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string")))
  @GetMapping(path = "/{number}/page", produces = MediaType.TEXT_HTML_VALUE)
  String page(@PathVariable String number) {
    return SheetPage.of(office.billing().sheet(number));
  }

  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_PDF_VALUE,
              schema = @Schema(type = "string", format = "binary")))
  @GetMapping(path = "/{number}/pdf", produces = MediaType.APPLICATION_PDF_VALUE)
  byte[] pdf(@PathVariable String number) {
    return SheetPdf.of(office.billing().sheet(number));
  }

  @ApiResponse(
      responseCode = "200",
      content =
          @Content(mediaType = MediaType.APPLICATION_XML_VALUE, schema = @Schema(type = "string")))
  @GetMapping(path = "/{number}/xml", produces = MediaType.APPLICATION_XML_VALUE)
  String xml(@PathVariable String number) {
    return SheetXml.of(office.billing().sheet(number));
  }

  @PostMapping("/{number}/correct")
  CorrectionView correct(@PathVariable String number, @RequestBody CorrectionForm form) {
    var unused = office.billing().stored(number);
    String reason = Requests.needed("reason", form.reason()).strip();
    if (reason.isEmpty() || reason.length() > 500) {
      throw Requests.wrong("reason", "has 1 to 500 characters");
    }
    try {
      BillingOffice.Correction done =
          office.billing().office().correct(number, reason, Audit.actor());
      return new CorrectionView(done.credit(), done.bill());
    } catch (Blocked e) {
      throw new FaultException(
          Fault.Code.CONFLICT, e.reason().word(), "it cannot be billed again: " + e.detail());
    } catch (IllegalArgumentException e) {
      throw new FaultException(Fault.Code.CONFLICT, "number", String.valueOf(e.getMessage()));
    }
  }
}
