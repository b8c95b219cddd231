package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.security.Principal;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import org.gridwarden.mdm.billsheet.SheetPage;
import org.gridwarden.mdm.billsheet.SheetPdf;
import org.gridwarden.mdm.billsheet.SheetXml;
import org.gridwarden.store.Account;
import org.gridwarden.store.BillBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A consumer's own bills: those of the accounts that the user sees as theirs. A service point alone
 * opens none: a bill tells who pays. One of somebody else answers as one that is not known.
 */
@RestController
@RequestMapping("/api/v1/own/bills")
class OwnBillApi {
  private final Office office;

  OwnBillApi(Office office) {
    this.office = office;
  }

  @GetMapping
  ReadingApi.Items<BillApi.BillView> bills(
      @RequestParam @Nullable String before,
      @RequestParam(defaultValue = "100") int size,
      Principal consumer) {
    int most = Requests.within("size", size, 1, 1_000);
    return new ReadingApi.Items<>(
        accounts(consumer).stream()
            .flatMap(
                account -> office.store().bills().list(account, null, null, before, most).stream())
            .sorted(Comparator.comparing(BillBook.Head::number).reversed())
            .limit(most)
            .map(BillApi.BillView::of)
            .toList());
  }

  @GetMapping(path = "/{number}", produces = MediaType.APPLICATION_JSON_VALUE)
  BillApi.BillView bill(@PathVariable String number, Principal consumer) {
    return BillApi.BillView.of(own(number, consumer));
  }

  @ApiResponse(
      responseCode = "200",
      content =
          @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")))
  @GetMapping(path = "/{number}/proof", produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] proof(
      @PathVariable String number,
      @RequestParam(defaultValue = "true") boolean messages,
      Principal consumer) {
    return office.billing().proof(own(number, consumer).number(), messages);
  }

  @ApiResponse(
      responseCode = "200",
      content = @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string")))
  @GetMapping(path = "/{number}/page", produces = MediaType.TEXT_HTML_VALUE)
  String page(@PathVariable String number, Principal consumer) {
    return SheetPage.of(office.billing().sheet(own(number, consumer).number()));
  }

  @ApiResponse(
      responseCode = "200",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_PDF_VALUE,
              schema = @Schema(type = "string", format = "binary")))
  @GetMapping(path = "/{number}/pdf", produces = MediaType.APPLICATION_PDF_VALUE)
  byte[] pdf(@PathVariable String number, Principal consumer) {
    return SheetPdf.of(office.billing().sheet(own(number, consumer).number()));
  }

  @ApiResponse(
      responseCode = "200",
      content =
          @Content(mediaType = MediaType.APPLICATION_XML_VALUE, schema = @Schema(type = "string")))
  @GetMapping(path = "/{number}/xml", produces = MediaType.APPLICATION_XML_VALUE)
  String xml(@PathVariable String number, Principal consumer) {
    return SheetXml.of(office.billing().sheet(own(number, consumer).number()));
  }

  private Set<String> accounts(Principal consumer) {
    return office.store().accounts().of(consumer.getName()).stream()
        .map(Account::id)
        .collect(Collectors.toSet());
  }

  private BillBook.Head own(String number, Principal consumer) {
    Set<String> accounts = accounts(consumer);
    return office
        .store()
        .bills()
        .find(number)
        .map(BillBook.Stored::head)
        .filter(head -> accounts.contains(head.account()))
        .orElseThrow(() -> FaultException.notFound("number", "no bill of yours has this number"));
  }
}
