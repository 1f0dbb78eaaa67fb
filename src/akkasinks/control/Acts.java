package akkasinks.control;

import akkasinks.base.FailureException;
import akkasinks.catalog.Planner;
import akkasinks.catalog.RolePlan;
import akkasinks.cluster.ClusterNode;
import akkasinks.command.Asker;
import akkasinks.command.Command;
import akkasinks.command.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which act carries out which command. */
final class Acts {
  private static final Logger LOG = LoggerFactory.getLogger(Acts.class);

  private final ClusterNode node;
  private final SinkViews views;

  Acts(ClusterNode node, SinkViews views) {
    this.node = node;
    this.views = views;
  }

  /** Blocks; never throws. */
  Outcome carryOut(Command command, Asker asker) {
    try {
      var statements = new Statements(node.catalog(), asker, command);
      // What needs no more of the catalog needs the right to it all the same.
      statements.state();
      return dispatch(command, statements);
    } catch (FailureException e) {
      return new Outcome.Failed(e.failure());
    } catch (RuntimeException e) {
      // The command itself is not logged: it may hold a secret.
      LOG.error("{} failed", command.getClass().getSimpleName(), e);
      return new Outcome.Failed(FailureException.of(e));
    }
  }

  private Outcome dispatch(Command command, Statements statements) {
    var catalog = node.catalog();
    var sinks = node.sinks();
    var inspections = node.parts().inspections();
    return switch (command) {
      case Command.CreateSecret c ->
          new CreateSecretAct(statements, node.secrets()::seal).carryOut(c);
      case Command.AlterSecret c ->
          new AlterSecretAct(statements, node.secrets()::seal).carryOut(c);
      case Command.CreateConnection c ->
          new CreateConnectionAct(statements, inspections, node.secrets()::seal).carryOut(c);
      case Command.CreateSource c ->
          new CreateSourceAct<>(statements, inspections, Planner::createSource).carryOut(c);
      case Command.CreateKafkaSource c ->
          new CreateSourceAct<>(statements, inspections, Planner::createKafkaSource)
              .carryOut(new RegisteredColumns(statements, inspections).into(c));
      case Command.CreateSink c -> new CreateSinkAct(statements, inspections).carryOut(c);
      case Command.Drop c -> new DropAct<>(statements, catalog, Planner::drop).carryOut(c);
      case Command.DropSink c -> new DropAct<>(statements, catalog, Planner::dropSink).carryOut(c);
      case Command.Rename c -> new PlannedAct<>(statements, Planner::rename).carryOut(c);
      case Command.AlterSink c -> new AlterSinkAct(statements, inspections, sinks).carryOut(c);
      case Command.AlterConnection c -> new AlterConnectionAct(statements, inspections).carryOut(c);
      case Command.RotateKeys c ->
          new RotateKeysAct(statements, catalog, node.secrets()).carryOut(c);
      case Command.CommentOn c -> new CommentAct(statements, inspections).carryOut(c);
      case Command.PauseSink c -> new PauseSinkAct(statements, sinks).carryOut(c);
      case Command.ResumeSink c -> new ResumeSinkAct(statements, sinks).carryOut(c);
      case Command.ResnapshotSink c -> new ResnapshotSinkAct(statements, sinks).carryOut(c);
      case Command.MoveSink c -> new MoveSinkAct(statements, node).carryOut(c);
      case Command.DrainNode c -> new DrainNodeAct(node).carryOut(c);
      case Command.ValidateConnection c ->
          new ValidateConnectionAct(statements, inspections).carryOut(c);
      case Command.CreateRole c -> new CreateRoleAct(statements).carryOut(c);
      case Command.AlterRole c -> new AlterRoleAct(statements).carryOut(c);
      case Command.DropRole c ->
          Statements.done(
              statements.record(state -> new RolePlan(state).drop(c, statements.asker())));
      case Command.Grant c ->
          Statements.done(statements.record(state -> new RolePlan(state).grant(c)));
      case Command.Revoke c ->
          Statements.done(statements.record(state -> new RolePlan(state).revoke(c)));
      case Command.ChangeOwner c ->
          Statements.done(statements.record(state -> new RolePlan(state).changeOwner(c)));
      case Command.ShowRoles c -> new ShowRolesAct(statements).carryOut(c);
      case Command.ShowPrivileges c -> new ShowPrivilegesAct(statements).carryOut(c);
      case Command.Show c -> new ShowAct(statements).carryOut(c);
      case Command.ListSinks c -> new ListSinksAct(statements, views).carryOut(c);
      case Command.ShowDebts c -> new ShowDebtsAct(catalog).carryOut(c);
      case Command.ShowComments c -> new ShowCommentsAct(statements).carryOut(c);
      case Command.ShowCreate c -> new ShowCreateAct(statements).carryOut(c);
      case Command.ShowCreateSink c -> new ShowCreateSinkAct(statements).carryOut(c);
      case Command.ShowRights c -> new ShowRightsAct(statements).carryOut(c);
      case Command.ExplainSchema c -> new ExplainSchemaAct(statements, inspections).carryOut(c);
      case Command.DescribeSink c ->
          new DescribeSinkAct(statements, views, inspections).carryOut(c);
      case Command.VerifySink c -> new VerifySinkAct(statements, sinks).carryOut(c);
      case Command.Narrowed c -> new NarrowedAct(list -> dispatch(list, statements)).carryOut(c);
      case Command.Select c -> new SelectAct(statements, views).carryOut(c);
    };
  }
}
