package io.appdbs.audit.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.engine.sql.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of an audited database share.
 */
final class AuditedDatabase {

	private final AuditTrail trail;

	private final SqlSyntax syntax;

	private final SqlTexts texts;

	private volatile @Nullable Boolean dataDefinitionCommits;

	AuditedDatabase(AuditTrail trail, SqlSyntax syntax) {
		this.trail = trail;
		this.syntax = syntax;
		this.texts = new SqlTexts(syntax);
	}

	AuditTrail getTrail() {
		return this.trail;
	}

	SqlSyntax getSyntax() {
		return this.syntax;
	}

	SqlText read(@Nullable Object sql) {
		return this.texts.get((sql != null) ? sql.toString() : null);
	}

	/**
	 * Returns whether statements that define data commit the transaction.
	 */
	boolean isDataDefinitionCommitted(Connection connection) throws SQLException {
		Boolean committed = this.dataDefinitionCommits;
		if (committed == null) {
			committed = connection.getMetaData().dataDefinitionCausesTransactionCommit();
			this.dataDefinitionCommits = committed;
		}
		return committed;
	}

}
