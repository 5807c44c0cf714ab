package io.appdbs.rls.verify.catalog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Catalog.Policy;
import io.appdbs.rls.verify.catalog.Catalog.Relation;
import io.appdbs.rls.verify.catalog.ProofCatalog.Column;
import io.appdbs.rls.verify.catalog.ProofCatalog.ColumnReference;
import io.appdbs.rls.verify.catalog.ProofCatalog.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the proof of policies needs of the catalog with one round trip. Of columns
 * it reads those that policies and views use, as there may be many others.
 */
public final class ProofCatalogReader {

	private static final String READS = """
			SELECT d.objid, d.refobjid, d.refobjsubid FROM pg_catalog.pg_depend d
			WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
			AND d.refobjsubid <> 0
			UNION ALL SELECT r.ev_class, d.refobjid, d.refobjsubid FROM pg_catalog.pg_rewrite r
			JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
			AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid <> 0 AND d.refobjid <> r.ev_class
			WHERE r.ev_class = ANY (?::oid[])""";

	private static final String COLUMNS = """
			SELECT a.attrelid, a.attnum, quote_ident(a.attname),
			CASE WHEN b.oid IS NULL THEN format_type(a.atttypid, a.atttypmod) ELSE format_type(b.oid, t.typtypmod) END,
			coalesce(b.typname, t.typname), coalesce(b.typtype, t.typtype), coalesce(b.typcategory, t.typcategory),
			(SELECT e.typname FROM pg_catalog.pg_type e WHERE e.oid = coalesce(b.typelem, t.typelem)),
			CASE WHEN coalesce(b.typtype, t.typtype) = 'e' THEN ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e
			WHERE e.enumtypid = coalesce(b.oid, t.oid) ORDER BY e.enumsortorder) ELSE '{}' END,
			CASE WHEN b.oid IS NULL THEN a.atttypmod ELSE t.typtypmod END, a.attnotnull OR t.typnotnull, t.typnotnull,
			a.attgenerated = '' AND has_column_privilege(me.oid, a.attrelid, a.attnum, 'UPDATE')
			FROM (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = coalesce(?::text, current_user::text)) me,
			(SELECT objid, refobjid, refobjsubid FROM (%s) d(objid, refobjid, refobjsubid)) u
			JOIN pg_catalog.pg_attribute a ON a.attrelid = u.refobjid AND (a.attnum = u.refobjsubid)
			JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
			LEFT JOIN pg_catalog.pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype
			WHERE a.attnum > 0
			""";

	/** Every column that is read, and all of tables whose rows are read as a whole. */
	private static final String ALL_COLUMNS = COLUMNS.formatted("""
			SELECT 0, d.refobjid, d.refobjsubid FROM (%s) d
			UNION SELECT 0, a.attrelid, a.attnum FROM pg_catalog.pg_attribute a
			WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped""".formatted(READS))
			+ "ORDER BY 1, 2";

	private static final String FUNCTIONS = """
			SELECT p.oid, quote_ident(n.nspname) || '.' || quote_ident(p.proname), p.provolatile, p.pronargs, p.proretset,
			format_type(p.prorettype, NULL), t.typcategory, l.lanname,
			coalesce(pg_get_function_sqlbody(p.oid), p.prosrc, ''), has_function_privilege(me.oid, p.oid, 'EXECUTE')
			FROM (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = coalesce(?::text, current_user::text)) me, pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
			JOIN pg_catalog.pg_language l ON l.oid = p.prolang JOIN pg_catalog.pg_type t ON t.oid = p.prorettype
			WHERE ? AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind = 'f'
			AND p.prorettype <> 'trigger'::regtype""";

	private static final String VIEW_FUNCTIONS = """
			SELECT r.ev_class, d.refobjid FROM pg_catalog.pg_rewrite r
			JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = r.oid
			AND d.refclassid = 'pg_catalog.pg_proc'::regclass WHERE r.ev_class = ANY (?::oid[])""";

	private static final String VIEWS = "SELECT v, pg_get_viewdef(v) FROM unnest(?::oid[]) v";

	private static final String OWNER_POLICIES = """
			SELECT o, p.oid FROM unnest(?::oid[]) o, pg_catalog.pg_policy p WHERE EXISTS
			(SELECT 1 FROM unnest(p.polroles) r WHERE r = 0 OR pg_has_role(o, r, 'USAGE'))""";

	private static final String ALL = String.join(";",
			CatalogReader.LIMITS + ", pg_catalog.set_config('search_path', '', true)", READS, ALL_COLUMNS, FUNCTIONS,
			VIEW_FUNCTIONS, VIEWS, OWNER_POLICIES);

	private ProofCatalogReader() {
	}

	/**
	 * Reads the catalog.
	 * @param connection a connection of the login
	 * @param role the role that statements run as or {@code null} for that of the
	 * connection
	 * @param catalog what is known
	 * @param used the views that the role may read
	 * @return the catalog
	 * @throws SQLException if the server does not answer
	 */
	public static ProofCatalog read(Connection connection, @Nullable String role, Catalog catalog,
			Collection<Relation> used) throws SQLException {
		Map<Long, Relation> views = new LinkedHashMap<>();
		Stream
			.concat(used.stream().map(Relation::id),
					catalog.policies().stream().flatMap((policy) -> policy.reads().stream()))
			.forEach((id) -> addViews(id, catalog, views));
		Set<Long> whole = new HashSet<>();
		for (Policy policy : catalog.policies()) {
			Relation table = catalog.relations().get(policy.relation());
			if (table != null && table.isReadWhole(policy.using() + " " + policy.check())) {
				whole.add(table.id());
			}
		}
		boolean calling = catalog.policies().stream().anyMatch((policy) -> !policy.functions().isEmpty());
		return read(connection, role, views.values(), whole, calling);
	}

	private static void addViews(long id, Catalog catalog, Map<Long, Relation> views) {
		Relation relation = catalog.relations().get(id);
		if (relation != null && relation.isView() && views.putIfAbsent(id, relation) == null) {
			catalog.sources().getOrDefault(id, List.of()).forEach((source) -> addViews(source, catalog, views));
		}
	}

	private static ProofCatalog read(Connection connection, @Nullable String role, Collection<Relation> views,
			Collection<Long> whole, boolean calling) throws SQLException {
		String ids = array(views.stream().map(Relation::id).toList());
		String owners = array(views.stream().map(Relation::owner).distinct().toList());
		Object[] parameters = { ids, role, ids, array(whole), role, calling || !views.isEmpty(), ids, ids, owners };
		try (PreparedStatement statement = connection.prepareStatement(ALL)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setObject(i + 1, parameters[i]);
			}
			statement.execute();
			statement.getMoreResults();
			return readAll(statement);
		}
	}

	private static String array(Collection<Long> ids) {
		return "{" + String.join(",", ids.stream().map(String::valueOf).toList()) + "}";
	}

	private static ProofCatalog readAll(PreparedStatement statement) throws SQLException {
		Map<Long, List<ColumnReference>> reads = new LinkedHashMap<>();
		CatalogReader.read(statement,
				(row) -> row(reads, row.getLong(1)).add(new ColumnReference(row.getLong(2), row.getInt(3))));
		Map<Long, List<Column>> columns = new LinkedHashMap<>();
		CatalogReader.read(statement, (row) -> row(columns, row.getLong(1)).add(column(row)));
		Map<Long, Function> functions = new LinkedHashMap<>();
		CatalogReader.read(statement, ProofCatalogReader::function)
			.forEach((function) -> functions.put(function.id(), function));
		Map<Long, List<Long>> viewFunctions = new LinkedHashMap<>();
		CatalogReader.read(statement, (row) -> row(viewFunctions, row.getLong(1)).add(row.getLong(2)));
		Map<Long, String> views = new LinkedHashMap<>();
		CatalogReader.read(statement, (row) -> Map.entry(row.getLong(1), row.getString(2).strip().replaceAll(";$", "")))
			.forEach((view) -> views.put(view.getKey(), view.getValue()));
		Map<Long, Set<Long>> ownerPolicies = new LinkedHashMap<>();
		CatalogReader.read(statement,
				(row) -> ownerPolicies.computeIfAbsent(row.getLong(1), (id) -> new HashSet<>()).add(row.getLong(2)));
		return new ProofCatalog(columns, reads, functions, viewFunctions, views, ownerPolicies);
	}

	private static <T> List<T> row(Map<Long, List<T>> map, long id) {
		return map.computeIfAbsent(id, (key) -> new ArrayList<>());
	}

	private static Column column(ResultSet row) throws SQLException {
		return new Column(row.getLong(1), row.getInt(2), row.getString(3), row.getString(4), row.getString(5),
				row.getString(6), row.getString(7), row.getString(8), CatalogReader.strings(row, 9), row.getInt(10),
				row.getBoolean(11), row.getBoolean(12), row.getBoolean(13));
	}

	private static Function function(ResultSet row) throws SQLException {
		return new Function(row.getLong(1), row.getString(2), row.getString(3), row.getInt(4), row.getBoolean(5),
				row.getString(6), row.getString(7), row.getString(8), row.getString(9), row.getBoolean(10));
	}

}
