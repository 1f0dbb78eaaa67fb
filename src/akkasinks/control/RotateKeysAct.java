package akkasinks.control;

import akkasinks.base.Code;
import akkasinks.base.Failure;
import akkasinks.catalog.Definition.SshConnection;
import akkasinks.catalog.Planner;
import akkasinks.catalog.SshKeys;
import akkasinks.cluster.Catalog;
import akkasinks.cluster.Secrets;
import akkasinks.command.Command;
import akkasinks.command.Outcome;

/**
 * ALTER CONNECTION … ROTATE KEYS. The key that stays is one that the bastion knows, so the sinks
 * that lead through it go on.
 */
record RotateKeysAct(Statements statements, Catalog catalog, Secrets secrets)
    implements Act<Command.RotateKeys> {
  @Override
  public Outcome carryOut(Command.RotateKeys command) {
    return Statements.done(
        statements.record(
            state -> new Planner(state).rotateKeys(command, this::rotated, secrets::seal)));
  }

  private SshKeys rotated(SshConnection tunnel) {
    var sealed =
        Statements.await(catalog.secret(tunnel.id()))
            .orElseThrow(
                () ->
                    Failure.of(
                            Code.UNDEFINED_OBJECT,
                            "the keys of connection \"%s\" are gone".formatted(tunnel.name()))
                        .exception());
    return SshKeys.of(tunnel, secrets.open(tunnel.id(), sealed)).rotated(TunnelKeys.pair());
  }
}
