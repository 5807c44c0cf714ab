package io.appdbs.inspection.support;

import java.util.List;

import io.appdbs.inspection.ActivityReport;
import io.appdbs.inspection.AuditChainReport;
import io.appdbs.inspection.FindingsReport;
import io.appdbs.inspection.IndexReport;
import io.appdbs.inspection.Inspection;
import io.appdbs.inspection.Readings;
import io.appdbs.inspection.Report;
import io.appdbs.inspection.SizeReport;
import io.appdbs.inspection.StatementPlan;
import io.appdbs.inspection.StatementReport;
import io.appdbs.inspection.TableReport;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database anew.
 *
 * @param inspection the inspection of the database
 */
record FreshInspection(DatabaseInspection inspection) implements Inspection {

	@Override
	public Inspection fresh() {
		return this;
	}

	@Override
	public Report<SizeReport> size() {
		return this.inspection.size(true);
	}

	@Override
	public Report<List<TableReport>> tables() {
		return this.inspection.tables(true);
	}

	@Override
	public Report<List<IndexReport>> indexes() {
		return this.inspection.indexes(true);
	}

	@Override
	public Report<ActivityReport> activity() {
		return this.inspection.activity(true);
	}

	@Override
	public Report<List<StatementReport>> statements() {
		return this.inspection.statements(true);
	}

	@Override
	public Report<AuditChainReport> auditChain() {
		return this.inspection.auditChain();
	}

	@Override
	public List<StatementPlan> getLastPlans() {
		return this.inspection.getLastPlans();
	}

	@Override
	public Report<FindingsReport> findings() {
		return this.inspection.findings(true);
	}

	@Override
	public @Nullable Report<FindingsReport> getLastFindings() {
		return this.inspection.getLastFindings();
	}

	@Override
	public @Nullable Readings getLastReadings() {
		return this.inspection.getLastReadings();
	}

}
