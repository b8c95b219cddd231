package org.gridwarden.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.gridwarden.core.Action;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.CommandId;
import org.gridwarden.core.CommandRequest;
import org.gridwarden.core.Intake;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;
import org.gridwarden.headend.OfficeWarnings;
import org.gridwarden.headend.command.CommandFault;
import org.gridwarden.headend.command.CommandOffice;
import org.gridwarden.mdm.billrun.BalanceActs;
import org.gridwarden.mdm.billrun.BalanceWatch;
import org.gridwarden.mdm.billrun.PrepaidDays;
import org.gridwarden.mdm.ledger.LedgerWords;
import org.gridwarden.security.command.ActionCodec;

/**
 * Where what is paid beforehand meets meters: consumers are told by events of their meters, and
 * what a balance asks for is drafted, never sent. Thread-safe.
 */
final class PrepaymentRoom implements BalanceActs {
  private static final ChannelId VIA = new ChannelId("office", "prepayment");

  private final CommandOffice commands;
  private final OfficeWarnings warnings;

  private PrepaymentRoom(CommandOffice commands, Intake intake) {
    this.commands = commands;
    this.warnings = new OfficeWarnings(intake, VIA, Duration.ofDays(1));
  }

  /** Sets it to work. */
  static void open(
      BillingRoom billing,
      CommandOffice commands,
      Intake intake,
      Chores slow,
      InstantSource clock) {
    PrepaidDays days = billing.prepaidDays(clock);
    BalanceWatch watch = billing.balances(new PrepaymentRoom(commands, intake), clock);
    slow.every("days that are paid beforehand", Duration.ofMinutes(10), days::look);
    slow.every("balances that fall", Duration.ofMinutes(1), watch::look);
  }

  @Override
  public void tell(MeterId meter, Instant at, String word, String same, String text)
      throws InterruptedException {
    Severity severity = word.equals(LedgerWords.EXHAUSTED) ? Severity.ATTENTION : Severity.INFO;
    warnings.tell(meter, at, "prepayment." + word, severity, same, text);
  }

  @Override
  public CommandId propose(MeterId meter, Action action, String reason) {
    return commands.draft(
        new CommandRequest(meter, action.word(), ActionCodec.parameters(action), reason),
        CommandOffice.PREPAYMENT);
  }

  @Override
  public boolean withdraw(CommandId command, String why) {
    try {
      var unused = commands.refuse(command, CommandOffice.PREPAYMENT, why);
      return true;
    } catch (CommandFault e) {
      return false; // it has gone on
    }
  }
}
