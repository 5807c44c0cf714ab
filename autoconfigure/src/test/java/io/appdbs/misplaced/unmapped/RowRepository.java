package io.appdbs.misplaced.unmapped;

import org.springframework.data.jpa.repository.JpaRepository;

public interface RowRepository extends JpaRepository<Row, Long> {

}
