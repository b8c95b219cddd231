package org.gridwarden.server;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.gridwarden.mdm.tariff.PriceCsv;
import org.gridwarden.mdm.tariff.TariffDesk;
import org.gridwarden.security.command.TariffManifest;
import org.gridwarden.store.TariffBook;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Tariffs: signed versions, and the prices that they name. */
@RestController
@RequestMapping("/api/v1/tariffs")
class TariffApi {
  private final Office office;
  private final TariffDesk desk;

  TariffApi(Office office) {
    this.office = office;
    this.desk =
        new TariffDesk(
            office.store().unitOfWork(), office.store().tariffs(), office.store().operatorKeys());
  }

  /**
   * A version.
   *
   * @param validFrom the first civil day on which it holds
   * @param form urdb or gridwarden
   * @param sha256 its document's, hexadecimal digits
   */
  record TariffView(
      String id,
      int version,
      String validFrom,
      String form,
      String sha256,
      String added,
      String addedBy) {
    static TariffView of(TariffBook.Listed listed) {
      return new TariffView(
          listed.id(),
          listed.version(),
          listed.validFrom().toString(),
          listed.form(),
          HexFormat.of().formatHex(listed.sha256()),
          listed.added().toString(),
          listed.addedBy());
    }
  }

  /**
   * A version with its document.
   *
   * @param document base64, to the byte as it was signed
   * @param signature its signed manifest (COSE_Sign1), base64
   * @param signer the public key that checks it (SubjectPublicKeyInfo), base64
   */
  record TariffDocument(TariffView tariff, String document, String signature, String signer) {}

  /** What was signed. */
  record TariffAdded(String id, int version, String validFrom, String form, String sha256) {}

  /** A file's hash, hexadecimal digits. */
  record PricesAdded(String sha256) {}

  @GetMapping
  ReadingApi.Items<TariffView> list() {
    return new ReadingApi.Items<>(book().all().stream().map(TariffView::of).toList());
  }

  @GetMapping("/{id}")
  TariffDocument show(
      @PathVariable String id,
      @RequestParam(defaultValue = "") String on,
      @RequestParam(defaultValue = "0") int version) {
    Optional<TariffBook.Stored> found =
        version > 0
            ? book().version(id, version)
            : on.isEmpty() ? book().newest(id) : book().on(id, day(on));
    TariffBook.Stored stored =
        found.orElseThrow(
            () -> FaultException.notFound("tariff", "there is no such tariff, or none holds then"));
    Base64.Encoder base64 = Base64.getEncoder();
    return new TariffDocument(
        TariffView.of(stored.listed()),
        base64.encodeToString(stored.document()),
        base64.encodeToString(stored.signed()),
        base64.encodeToString(stored.signer()));
  }

  /** The document is the body; its signed manifest stands beside it. */
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
              schema = @Schema(type = "string", format = "binary")))
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  TariffAdded add(@RequestParam(defaultValue = "") String signature, HttpServletRequest request)
      throws IOException {
    byte[] signed = CommandApi.base64("signature", signature.replace('-', '+').replace('_', '/'));
    byte[] document = body(request, TariffManifest.LARGEST);
    TariffManifest manifest = desk.add(document, signed, Audit.actor());
    return new TariffAdded(
        manifest.id(),
        manifest.version(),
        manifest.validFrom().toString(),
        manifest.form(),
        HexFormat.of().formatHex(manifest.sha256()));
  }

  /** The file is the body. */
  @io.swagger.v3.oas.annotations.parameters.RequestBody(
      required = true,
      content = @Content(mediaType = "text/csv", schema = @Schema(type = "string")))
  @PostMapping("/prices")
  @ResponseStatus(HttpStatus.CREATED)
  PricesAdded prices(HttpServletRequest request) throws IOException {
    byte[] document = body(request, PriceCsv.LONGEST);
    return new PricesAdded(HexFormat.of().formatHex(desk.addPrices(document, Audit.actor())));
  }

  @GetMapping(path = "/prices/{sha256}", produces = "text/csv")
  byte[] prices(@PathVariable String sha256) {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw Requests.wrong("sha256", "is 64 hexadecimal digits");
    }
    return book()
        .prices(HexFormat.of().parseHex(sha256))
        .orElseThrow(() -> FaultException.notFound("sha256", "no prices have this hash"));
  }

  private static byte[] body(HttpServletRequest request, long most) throws IOException {
    try (InputStream body = new LimitedBody(request.getInputStream(), most)) {
      return body.readAllBytes();
    } catch (LimitedBody.TooLargeException e) {
      throw FaultException.tooLarge("body", "it has at most " + most + " bytes");
    }
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw Requests.wrong("on", "is a day such as 2026-11-24");
    }
  }

  private TariffBook book() {
    return office.store().tariffs();
  }
}
