package org.gridwarden.server;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.UUID;
import org.gridwarden.core.Fault;
import org.gridwarden.exchange.cim.CimException;
import org.gridwarden.exchange.cim.CimMessage;
import org.gridwarden.exchange.cim.CimReader;
import org.gridwarden.exchange.cim.Envelope;
import org.gridwarden.exchange.xml.Element;
import org.gridwarden.exchange.xml.XmlLimits;
import org.gridwarden.headend.command.CommandFault;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * IEC 61968-9 over HTTP: a message comes, a ResponseMessage goes back, in XML or JSON as the
 * request asks. A route for each right: what a message may do stands in its address, and one of
 * another verb or noun is refused there.
 */
@RestController
@RequestMapping("/api/v1/cim")
class CimApi {
  /** Bytes of a message. */
  static final long MOST = 16L << 20;

  private final Office office;
  private final CimDesk desk;

  CimApi(Office office) {
    this.office = office;
    this.desk = new CimDesk(office);
  }

  /** Does a message, and answers. */
  private interface Work {
    void answer(CimMessage message, Element root, CimDesk.Answer answer)
        throws CimException, IOException, InterruptedException;
  }

  /** get MeterReadings, EndDeviceEvents or MeterConfig. */
  @RequestBody(
      required = true,
      content = {
        @Content(mediaType = "application/xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/json", schema = @Schema(type = "string"))
      })
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(mediaType = "application/xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/json", schema = @Schema(type = "string"))
      })
  @PostMapping("/get")
  void get(@Parameter(hidden = true) HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    answer(request, response, (message, root, answer) -> desk.get(message, answer));
  }

  /** created or changed MeterReadings. */
  @RequestBody(
      required = true,
      content = {
        @Content(mediaType = "application/xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/json", schema = @Schema(type = "string"))
      })
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(mediaType = "application/xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/json", schema = @Schema(type = "string"))
      })
  @PostMapping("/readings")
  void readings(@Parameter(hidden = true) HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    answer(request, response, desk::readings);
  }

  /** create EndDeviceControls: drafts, which people sign and release as any other. */
  @RequestBody(
      required = true,
      content = {
        @Content(mediaType = "application/xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/json", schema = @Schema(type = "string"))
      })
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(mediaType = "application/xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/json", schema = @Schema(type = "string"))
      })
  @PostMapping("/controls")
  void controls(@Parameter(hidden = true) HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    answer(request, response, (message, root, answer) -> desk.controls(message, answer));
  }

  /** created or changed MeterConfig. */
  @RequestBody(
      required = true,
      content = {
        @Content(mediaType = "application/xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/json", schema = @Schema(type = "string"))
      })
  @ApiResponse(
      responseCode = "200",
      content = {
        @Content(mediaType = "application/xml", schema = @Schema(type = "string")),
        @Content(mediaType = "application/json", schema = @Schema(type = "string"))
      })
  @PostMapping("/meters")
  void meters(@Parameter(hidden = true) HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    answer(request, response, (message, root, answer) -> desk.meters(message, answer));
  }

  private void answer(HttpServletRequest request, HttpServletResponse response, Work work)
      throws IOException, InterruptedException {
    boolean json = isJson(request.getContentType());
    Element root;
    CimMessage message;
    try (InputStream body = request.getInputStream()) {
      root = CimReader.read(body, json, XmlLimits.of(MOST));
      message = CimMessage.of(root);
    } catch (CimException e) {
      throw Requests.wrong("body", String.valueOf(e.getMessage()));
    }
    UUID id = UUID.randomUUID();
    String accept = request.getHeader("Accept");
    boolean jsonBack =
        accept == null || accept.contains("*/*") || accept.isBlank() ? json : isJson(accept);
    CimDesk.Answer answer = new CimDesk.Answer(id, office.clock().instant(), jsonBack, response);
    try {
      work.answer(message, root, answer);
    } catch (CimException e) {
      answer.whole(Envelope.failed(message.header(), id, answer.at(), e).element());
    } catch (CommandFault e) {
      answer.whole(
          Envelope.failed(message.header(), id, answer.at(), CimDesk.of(e.fault())).element());
    } catch (FaultException e) {
      if (e.fault().code() == Fault.Code.INTERNAL) {
        throw e;
      }
      answer.whole(
          Envelope.failed(message.header(), id, answer.at(), CimDesk.of(e.fault())).element());
    }
  }

  private static boolean isJson(@org.jspecify.annotations.Nullable String type) {
    return type != null && type.contains("json");
  }
}
