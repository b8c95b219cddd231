package org.gridwarden.dlms.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.gridwarden.dlms.AccessService;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.BlockTransfer;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.GeneralHeader;
import org.gridwarden.dlms.GeneralSigning;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.ShortNameService;

/**
 * What an APDU says besides its objects and values, for a person. No password, no key: of those it
 * is told how long they are.
 */
final class Details {
  private final List<Detail> out = new ArrayList<>();

  private Details() {}

  static List<Detail> of(Apdu apdu) {
    Details details = new Details();
    switch (apdu) {
      case Acse acse -> details.acse(acse);
      case Initiate initiate -> details.initiate(initiate);
      case Service.ExceptionResponse e -> {
        details.add("refused", e.reason());
        e.counter().ifPresent(c -> details.add("expected counter", Long.toString(c)));
      }
      case Service.Invocation service -> details.invocation(service);
      case AccessService service -> {
        details.add("invoke id", Long.toString(service.invokeId() & AccessService.INVOKE_ID));
        service.dateTime().ifPresent(t -> details.add("date time", t.toString()));
      }
      case ShortNameService service -> details.shortNames(service);
      case BlockTransfer block -> details.transfer(block);
      case Apdu.DataNotification push -> {
        details.add("invoke id", Integer.toString(push.sequence()));
        details.add("wants a confirm", push.confirmed() ? "yes" : "no");
      }
      case Apdu.DataNotificationConfirm confirm ->
          details.add("invoke id", Long.toString(confirm.invokeId() & 0xFF_FFFFL));
      case Apdu.EventNotification _ -> {
        // its object and value say it all
      }
      case Apdu.Ciphered locked ->
          details.add("locked", locked.content().length + " bytes; no key was given");
      case Apdu.GeneralCiphering general -> {
        details.add("key info", general.keyInfo().words());
        details.header(general.header());
        details.add("locked", general.content().length() + " bytes");
      }
      case GeneralSigning signed -> {
        details.header(signed.header());
        details.add("signed", signed.content().length() + " bytes; the signature is not checked");
      }
      case Apdu.Unknown other -> details.add("not read", other.bytes().length + " bytes");
    }
    return details.out;
  }

  private void add(String name, String value) {
    if (!value.isEmpty()) {
      out.add(new Detail(name, value));
    }
  }

  private void header(GeneralHeader header) {
    add("transaction", hex(header.transactionId()));
    add("originator", hex(header.originator()));
    add("recipient", hex(header.recipient()));
  }

  private static String hex(DlmsData.OctetString octets) {
    return octets.hex();
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private void acse(Acse acse) {
    switch (acse) {
      case Acse.Aarq a -> {
        add("context", words(a.context()));
        add("client title", hex(a.callingTitle()));
        proof(a.mechanism(), a.authentication());
      }
      case Acse.Aare a -> {
        boolean accepted = a.result() == Acse.Aare.ACCEPTED;
        add(
            "result",
            accepted
                ? "accepted"
                : (a.result() == Acse.Aare.REJECTED ? "rejected: " : "rejected for now: ")
                    + a.reason());
        add("context", words(a.context()));
        add("meter title", hex(a.respondingTitle()));
        proof(a.mechanism(), a.authentication());
      }
      case Acse.Rlrq r -> reason(r.reason());
      case Acse.Rlre r -> reason(r.reason());
    }
  }

  private void reason(int reason) {
    add(
        "reason",
        switch (reason) {
          case -1 -> "";
          case 0 -> "normal";
          case 1 -> "urgent, or not finished";
          default -> "user defined (" + reason + ")";
        });
  }

  private void proof(Acse.Mechanism mechanism, DlmsData.OctetString value) {
    if (mechanism == Acse.Mechanism.NONE) {
      return;
    }
    add("mechanism", words(mechanism));
    if (value.length() > 0) {
      if (mechanism.high()) {
        add("challenge", hex(value));
      } else {
        add("password", value.length() + " bytes");
      }
    }
  }

  private void initiate(Initiate initiate) {
    switch (initiate) {
      case Initiate.Request r -> {
        add("DLMS version", Integer.toString(r.version()));
        add("conformance", r.conformance().toString());
        add("longest APDU", r.maxPdu() == 0 ? "any" : Integer.toString(r.maxPdu()));
        if (r.dedicatedKey().length() > 0) {
          add("dedicated key", r.dedicatedKey().length() + " bytes");
        }
      }
      case Initiate.Response r -> {
        add("DLMS version", Integer.toString(r.version()));
        add("conformance", r.conformance().toString());
        add("longest APDU", Integer.toString(r.maxPdu()));
        add("names", r.vaaName() == Initiate.Response.LOGICAL_NAMES ? "logical" : "short");
      }
      case Initiate.ServiceError e -> add("error", serviceError(e));
    }
  }

  /** ConfirmedServiceError's and ServiceError's choices (IEC 62056-5-3, clause 9.5). */
  private static String serviceError(Initiate.ServiceError e) {
    String service =
        switch (e.service()) {
          case 1 -> "initiate";
          case 5 -> "read";
          case 6 -> "write";
          default -> "service " + e.service();
        };
    if (e.errorClass() == 6) {
      return service
          + ": "
          + switch (e.value()) {
            case 1 -> "the DLMS version is too low";
            case 2 -> "the conformance is incompatible";
            case 3 -> "the PDU size is too short";
            case 4 -> "refused by the VDE handler";
            default -> "error " + e.value();
          };
    }
    return service + ": class " + e.errorClass() + ", error " + e.value();
  }

  private void invocation(Service.Invocation service) {
    add("invoke id", Integer.toString(service.invoke() & 0x0F));
    switch (service) {
      case Service.GetNext g -> add("next block", Long.toUnsignedString(g.block()));
      case Service.GotBlock g -> block(g.block(), g.refused().isPresent());
      case Service.SetFirstBlock s -> block(s.block(), false);
      case Service.SetListFirstBlock s -> block(s.block(), false);
      case Service.SetBlock s -> block(s.block(), false);
      case Service.SetBlockTaken s -> taken(s.block());
      case Service.SetLastBlockTaken s -> taken(s.block());
      case Service.SetLastBlockListTaken s -> taken(s.block());
      case Service.ActionNext a -> add("next block", Long.toUnsignedString(a.block()));
      case Service.ActionFirstBlock a -> block(a.block(), false);
      case Service.ActionListFirstBlock a -> block(a.block(), false);
      case Service.ActionBlock a -> block(a.block(), false);
      case Service.ActedBlock a -> block(a.block(), false);
      case Service.ActedBlockTaken a -> taken(a.block());
      case Service.GetNormal _,
          Service.GetList _,
          Service.GotNormal _,
          Service.GotList _,
          Service.SetNormal _,
          Service.SetList _,
          Service.SetDone _,
          Service.SetListDone _,
          Service.ActionNormal _,
          Service.ActionList _,
          Service.ActedNormal _,
          Service.ActedList _ -> {
        // their objects and values say it all
      }
    }
  }

  private void shortNames(ShortNameService service) {
    switch (service) {
      case ShortNameService.ReadRequest r -> r.variables().forEach(this::variable);
      case ShortNameService.WriteRequest w -> w.variables().forEach(this::variable);
      case ShortNameService.ReadResponse r ->
          r.results()
              .forEach(result -> {
                switch (result) {
                  case ShortNameService.Read.Block b -> block(b.last(), b.number(), b.raw());
                  case ShortNameService.Read.BlockTaken b -> taken(b.number());
                  case ShortNameService.Read.Whole _ -> {
                    // an object's value
                  }
                }
              });
      case ShortNameService.WriteResponse w ->
          w.results()
              .forEach(result -> {
                if (result instanceof ShortNameService.Written.BlockTaken(int number)) {
                  taken(number);
                }
              });
      case ShortNameService.InformationReportRequest report ->
          report.time().ifPresent(t -> add("time", t));
      case ShortNameService.UnconfirmedWriteRequest _ -> {
        // its objects and values say it all
      }
    }
  }

  private void variable(ShortNameService.Variable variable) {
    switch (variable) {
      case ShortNameService.Variable.BlockNumber b ->
          add("next block", Integer.toString(b.number()));
      case ShortNameService.Variable.ReadBlock b -> block(b.last(), b.number(), b.raw());
      case ShortNameService.Variable.WriteBlock b ->
          add("block", b.number() + (b.last() ? ", the last" : ""));
      case ShortNameService.Variable.Name _, ShortNameService.Variable.Parameterized _ -> {
        // an object
      }
    }
  }

  private void transfer(BlockTransfer b) {
    if (b.data().length() > 0) {
      block(b.last(), b.number(), b.data());
    }
    add("acknowledges", Integer.toString(b.acknowledged()));
    add("window", b.window() + (b.streaming() ? ", streaming" : ""));
  }

  private void block(boolean last, long number, DlmsData.OctetString raw) {
    block(new Service.Block(last, number, raw), false);
  }

  private void block(Service.Block block, boolean refused) {
    add(
        "block",
        block.number()
            + (refused ? "" : ", " + block.raw().length() + " bytes")
            + (block.last() ? ", the last" : ""));
  }

  private void taken(long number) {
    add("block taken", Long.toUnsignedString(number));
  }
}
