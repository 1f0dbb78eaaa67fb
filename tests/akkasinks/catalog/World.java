package akkasinks.catalog;

import akkasinks.base.Failure;
import akkasinks.base.FailureException;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.sql.Parsed;
import akkasinks.sql.Statements;
import java.util.List;
import java.util.Optional;

/** A catalog that runs statements without any outside world. */
final class World {
  private static final RolePlan.Password NO_PASSWORD =
      new RolePlan.Password(Optional.empty(), List.of());

  static final String INSTALLATION = "0d3c8f80-5a0f-4b6e-9a39-1f6f0f1a2b3c";

  CatalogState state = CatalogState.EMPTY.apply(new CatalogEvent.Installed(INSTALLATION));

  static World withShop() {
    World world = new World();
    world.run(
        """
        CREATE SECRET pw AS 'hunter2';
        CREATE CONNECTION pg TO POSTGRES (HOST 'localhost', USER 'shop', PASSWORD SECRET pw, DATABASE 'shop');
        CREATE CONNECTION kafka TO KAFKA (BROKER 'localhost', SECURITY PROTOCOL PLAINTEXT);
        CREATE SOURCE shop FROM POSTGRES CONNECTION pg FOR ALL TABLES;
        """);
    return world;
  }

  /** The last statement's plan; all are applied. */
  Plan run(String sql) {
    Plan last = null;
    for (Parsed parsed : Statements.parse(sql)) {
      last = plan(parsed.command());
      for (CatalogEvent event : last.events()) {
        state = state.apply(event);
      }
    }
    return java.util.Objects.requireNonNull(last);
  }

  Failure failure(String sql) {
    CatalogState before = state;
    try {
      run(sql);
    } catch (FailureException e) {
      if (!state.equals(before)) {
        throw new AssertionError("failed but changed something: " + sql);
      }
      return e.failure();
    }
    throw new AssertionError("accepted: " + sql);
  }

  <D extends Definition> D get(String name, Class<D> type) {
    return type.cast(state.find(name).orElseThrow());
  }

  private static SshKeys.Pair pair(int number) {
    return new SshKeys.Pair("ssh-ed25519 PUBLIC" + number, "private" + number);
  }

  private Plan plan(Command command) {
    Planner planner = new Planner(state);
    Sealer sealer = (id, text) -> new Sealed("key", id + text.length());
    return switch (command) {
      case Command.CreateSecret c -> planner.createSecret(c, sealer);
      case Command.AlterSecret c -> planner.alterSecret(c, sealer);
      case Command.CreateConnection c when c.kind().text().equals("ssh tunnel") ->
          planner.createTunnel(c, new SshKeys(pair(1), pair(2)), sealer);
      case Command.CreateConnection c -> planner.createConnection(c);
      case Command.RotateKeys c ->
          planner.rotateKeys(
              c,
              tunnel ->
                  new SshKeys(
                          new SshKeys.Pair(tunnel.publicKey1(), "?"),
                          new SshKeys.Pair(tunnel.publicKey2(), "?"))
                      .rotated(pair(3)),
              sealer);
      case Command.CreateSource c -> planner.createSource(c);
      case Command.CreateKafkaSource c -> planner.createKafkaSource(c);
      case Command.CreateSink c -> planner.createSink(c);
      case Command.Rename c -> planner.rename(c);
      case Command.AlterSink c -> planner.alterSink(c);
      case Command.AlterConnection c -> planner.alterConnection(c);
      case Command.CommentOn c -> planner.comment(c);
      case Command.Drop c -> planner.drop(c);
      case Command.DropSink c -> planner.dropSink(c);
      case Command.PauseSink c -> planner.pauseSink(c);
      case Command.ResumeSink c -> planner.resumeSink(c);
      case Command.CreateRole c -> new RolePlan(state).create(c, NO_PASSWORD);
      case Command.AlterRole c -> new RolePlan(state).alter(c, NO_PASSWORD);
      case Command.DropRole c -> new RolePlan(state).drop(c, Asker.MEMBER);
      case Command.Grant c -> new RolePlan(state).grant(c);
      case Command.Revoke c -> new RolePlan(state).revoke(c);
      case Command.ChangeOwner c -> new RolePlan(state).changeOwner(c);
      default -> throw new AssertionError(command);
    };
  }
}
