"""What must hold of money whoever writes it: books that balance and only grow, nobody paying by themselves."""

from django.db import migrations

FUNCTION = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$"

GROWS = f"""
CREATE FUNCTION relief_refuse() RETURNS trigger {FUNCTION}
BEGIN
    RAISE EXCEPTION 'the books only grow: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'books_only_grow';
END $$;
CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON relief_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION relief_refuse();
CREATE TRIGGER posting_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON relief_posting
    FOR EACH STATEMENT EXECUTE FUNCTION relief_refuse();
CREATE TRIGGER stock_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON relief_stockmove
    FOR EACH STATEMENT EXECUTE FUNCTION relief_refuse();
"""

# Judged at the end of the transaction. Where no posting is to be seen, nothing is proved, and that is refused.
# An entry whose bound money goes somewhere must spend it on its own purpose and no other.
BALANCES = f"""
CREATE FUNCTION relief_balanced() RETURNS trigger {FUNCTION}
DECLARE
    wanted uuid := CASE WHEN TG_TABLE_NAME = 'relief_posting' THEN (to_jsonb(NEW)->>'entry_id')::uuid ELSE NEW.id END;
    sides int; total numeric; strangers int; purposes text[]; bound text[];
BEGIN
    SELECT count(*), sum(p.amount_fen), count(*) FILTER (WHERE a.fund_id <> e.fund_id),
           array_agg(a.restriction) FILTER (WHERE a.kind = 'expense'),
           array_agg(a.restriction) FILTER (WHERE a.kind IN ('held', 'held_goods') AND a.restriction <> '')
      INTO sides, total, strangers, purposes, bound
      FROM relief_posting p JOIN relief_account a ON a.id = p.account_id JOIN relief_journalentry e ON e.id = p.entry_id
     WHERE p.entry_id = wanted;
    IF sides < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance: % postings, sum %', wanted, sides, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balances';
    END IF;
    IF strangers > 0 THEN
        RAISE EXCEPTION 'entry % mixes funds', wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_of_one_fund';
    END IF;
    IF bound IS NOT NULL AND purposes IS NOT NULL AND NOT (purposes <@ bound AND bound <@ purposes) THEN
        RAISE EXCEPTION 'entry % spends bound money on another purpose', wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bound_money_serves_its_purpose';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON relief_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION relief_balanced();
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT ON relief_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION relief_balanced();
"""

# The accounts are locked first, so that of two at once the second sees what the first took. Not FOR UPDATE:
# the foreign keys of both hold a share of the row already.
OVERDRAWN = f"""
CREATE FUNCTION relief_not_overdrawn() RETURNS trigger {FUNCTION}
DECLARE
    bad record;
BEGIN
    PERFORM 1 FROM relief_account a WHERE a.id IN (SELECT account_id FROM added) ORDER BY a.id FOR NO KEY UPDATE;
    SELECT a.kind, a.restriction, s.total INTO bad
      FROM relief_account a
      JOIN LATERAL (SELECT sum(p.amount_fen) AS total FROM relief_posting p WHERE p.account_id = a.id) s ON true
     WHERE a.id IN (SELECT account_id FROM added)
       AND CASE WHEN a.kind IN ('cash', 'goods', 'expense') THEN coalesce(s.total, -1) < 0
                ELSE coalesce(s.total, 1) > 0 END
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'account % (%) would be overdrawn by % fen', bad.kind, bad.restriction, abs(bad.total)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_not_overdrawn';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER posting_not_overdrawn AFTER INSERT ON relief_posting REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION relief_not_overdrawn();

CREATE FUNCTION relief_stock_there() RETURNS trigger {FUNCTION}
BEGIN
    PERFORM 1 FROM relief_lot l WHERE l.id IN (SELECT lot_id FROM added) ORDER BY l.id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM relief_lot l
        WHERE l.id IN (SELECT lot_id FROM added)
          AND l.quantity < (SELECT sum(m.quantity) FROM relief_stockmove m WHERE m.lot_id = l.id)
    ) THEN
        RAISE EXCEPTION 'more goes out than there is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_is_there';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER stock_is_there AFTER INSERT ON relief_stockmove REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION relief_stock_there();
"""

PEOPLE = f"""
CREATE FUNCTION relief_home_visit_maker() RETURNS trigger {FUNCTION}
BEGIN
    SELECT g.maker_id INTO STRICT NEW.maker_id FROM relief_grant g WHERE g.id = NEW.grant_id;
    RETURN NEW;
END $$;
CREATE TRIGGER home_visit_maker BEFORE INSERT OR UPDATE ON relief_homevisit
    FOR EACH ROW EXECUTE FUNCTION relief_home_visit_maker();

CREATE FUNCTION relief_payee_as_typed() RETURNS trigger {FUNCTION}
BEGIN
    IF (NEW.office_id, NEW.grant_id, NEW.holder, NEW.bank, NEW.number, NEW.blind, NEW.tail, NEW.typed_by_id, NEW.typed_at,
        NEW.held_until) IS DISTINCT FROM
       (OLD.office_id, OLD.grant_id, OLD.holder, OLD.bank, OLD.number, OLD.blind, OLD.tail, OLD.typed_by_id, OLD.typed_at,
        OLD.held_until) THEN
        RAISE EXCEPTION 'an account stays as it was typed; a new one is a new row'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'payee_stays_as_typed';
    END IF;
    IF OLD.state = 'verified' AND NEW.state <> 'verified'
       AND EXISTS (SELECT 1 FROM relief_payment p WHERE p.payee_id = NEW.id AND p.state = 'listed') THEN
        RAISE EXCEPTION 'a listed payment goes to this account'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payee_is_listed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payee_as_typed BEFORE UPDATE ON relief_payee
    FOR EACH ROW EXECUTE FUNCTION relief_payee_as_typed();
"""

PAYMENTS = f"""
CREATE FUNCTION relief_payment_lawful() RETURNS trigger {FUNCTION}
DECLARE
    payee relief_payee; granted relief_grant; sheet relief_paymentlist;
BEGIN
    SELECT * INTO STRICT payee FROM relief_payee WHERE id = NEW.payee_id FOR SHARE;
    SELECT * INTO STRICT granted FROM relief_grant WHERE id = NEW.grant_id;
    SELECT * INTO STRICT sheet FROM relief_paymentlist WHERE id = NEW.list_id;
    IF payee.grant_id <> NEW.grant_id THEN
        RAISE EXCEPTION 'the account belongs to another grant'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_to_its_own_account';
    END IF;
    IF NEW.amount_fen <> granted.amount_fen THEN
        RAISE EXCEPTION 'a payment is what was granted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_is_what_was_granted';
    END IF;
    IF sheet.fund_id <> granted.fund_id THEN
        RAISE EXCEPTION 'the list pays of another fund'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_of_one_fund';
    END IF;
    IF NEW.state IN ('listed', 'paid') AND payee.state <> 'verified'
       AND (TG_OP = 'INSERT' OR (OLD.state, OLD.payee_id) IS DISTINCT FROM (NEW.state, NEW.payee_id)) THEN
        RAISE EXCEPTION 'nobody has called the person back about this account'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_to_a_verified_account';
    END IF;
    IF NEW.state IN ('listed', 'paid') AND (TG_OP = 'INSERT' OR OLD.state <> NEW.state)
       AND granted.state <> 'approved' THEN
        RAISE EXCEPTION 'the grant is not approved'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_of_an_approved_grant';
    END IF;
    IF NEW.state = 'paid' AND (TG_OP = 'INSERT' OR OLD.state <> 'paid') THEN
        IF sheet.state <> 'paid' THEN
            RAISE EXCEPTION 'the list is not paid'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_with_its_list';
        END IF;
        IF sheet.payer_id IN (granted.maker_id, granted.approver_id, granted.upper_id) THEN
            RAISE EXCEPTION 'who made or approved the grant does not pay it'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_maker_does_not_pay';
        END IF;
        IF sheet.paid_at < payee.held_until THEN
            RAISE EXCEPTION 'the account is still held'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'payment_after_the_hold';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payment_lawful BEFORE INSERT OR UPDATE ON relief_payment
    FOR EACH ROW EXECUTE FUNCTION relief_payment_lawful();

-- What was checked is what is paid: a list that changes must be checked again; one that is paid does not change.
CREATE FUNCTION relief_list_changed() RETURNS trigger {FUNCTION}
DECLARE
    touched uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.list_id ELSE NEW.list_id END;
    stands text;
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.list_id, OLD.grant_id, OLD.payee_id, OLD.amount_fen)
        IS NOT DISTINCT FROM (NEW.list_id, NEW.grant_id, NEW.payee_id, NEW.amount_fen)
       AND NOT (OLD.state = 'listed' AND NEW.state <> 'paid') THEN
        RETURN NULL;
    END IF;
    SELECT state INTO stands FROM relief_paymentlist WHERE id = touched FOR UPDATE;
    IF stands IN ('paid', 'cancelled') AND NOT (TG_OP = 'UPDATE' AND NEW.state = 'cancelled') THEN
        RAISE EXCEPTION 'a list that is over does not change'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'list_over_does_not_change';
    END IF;
    UPDATE relief_paymentlist
       SET state = 'draft', checker_id = NULL, checked_at = NULL, approver_id = NULL, approved_at = NULL, digest = ''
     WHERE id = touched AND state IN ('checked', 'approved', 'exported');
    RETURN NULL;
END $$;
CREATE TRIGGER list_changed AFTER INSERT OR UPDATE OR DELETE ON relief_payment
    FOR EACH ROW EXECUTE FUNCTION relief_list_changed();
"""

GONE = """
DROP TRIGGER list_changed ON relief_payment; DROP TRIGGER payment_lawful ON relief_payment;
DROP TRIGGER payee_as_typed ON relief_payee; DROP TRIGGER home_visit_maker ON relief_homevisit;
DROP TRIGGER stock_is_there ON relief_stockmove; DROP TRIGGER posting_not_overdrawn ON relief_posting;
DROP TRIGGER posting_balances ON relief_posting; DROP TRIGGER entry_balances ON relief_journalentry;
DROP TRIGGER stock_only_grows ON relief_stockmove; DROP TRIGGER posting_only_grows ON relief_posting;
DROP TRIGGER journal_only_grows ON relief_journalentry;
DROP FUNCTION relief_list_changed; DROP FUNCTION relief_payment_lawful; DROP FUNCTION relief_payee_as_typed;
DROP FUNCTION relief_home_visit_maker; DROP FUNCTION relief_stock_there; DROP FUNCTION relief_not_overdrawn;
DROP FUNCTION relief_balanced; DROP FUNCTION relief_refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("relief", "0002_second_wall")]
    operations = [migrations.RunSQL(GROWS + BALANCES + OVERDRAWN + PEOPLE + PAYMENTS, GONE)]
