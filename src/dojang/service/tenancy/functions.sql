-- The closed list of functions that may see more than one workspace. They run as the owner, who is not held by
-- row-level security; each takes the least and gives the least. Laid anew after every migration.

-- Held are whoever has the tables too, but for `dojang_remove_guest`; the application has no right to delete there.
CREATE OR REPLACE FUNCTION dojang_refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('dojang.removing', true) = 'guest'
        AND current_user = (SELECT pg_get_userbyid(c.relowner) FROM pg_class c WHERE c.oid = TG_RELID)
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'rows of % are only added, never changed or taken out', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- The workspaces a person is a member of, with their role.
CREATE OR REPLACE FUNCTION dojang_memberships(person bigint)
RETURNS TABLE (workspace_id bigint, slug text, name text, membership_id bigint, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT w.id, w.slug, w.name, m.id, m.role
    FROM workspaces_membership m JOIN workspaces_workspace w ON w.id = m.workspace_id
    WHERE m.user_id = person AND m.left_at IS NULL
    ORDER BY w.id
$$;

-- Where the invitation with this hash of its token is: enough to enter that workspace and look at it there.
CREATE OR REPLACE FUNCTION dojang_invitation(hash text)
RETURNS TABLE (workspace_id bigint, invitation_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.workspace_id, i.id FROM workspaces_invitation i
    WHERE i.token_hash = hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL
$$;

-- How many mails of invitations a person has asked for since then, wherever: a limit that new workspaces don't lift.
CREATE OR REPLACE FUNCTION dojang_invitation_mails(person bigint, since timestamptz)
RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT COALESCE(sum(i.mails), 0)::bigint FROM workspaces_invitation i
    WHERE i.invited_by_id = person AND i.asked_at > since
$$;

-- How many mails a person has asked for by hand since then, wherever: a limit that new workspaces don't lift.
CREATE OR REPLACE FUNCTION dojang_asked_mails(person bigint, since timestamptz)
RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) FROM notices_outgoingmail m WHERE m.asked_by_id = person AND m.created_at > since
$$;

-- Whether so many counted mails went to an inbox since then, wherever: a limit that neither new workspaces nor new
-- accounts lift. What was not sent after all does not count; nothing is told of whose they were.
CREATE OR REPLACE FUNCTION dojang_inbox_full(whose text, since timestamptz, most integer)
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*) >= most FROM (
        SELECT FROM notices_outgoingmail m
        WHERE m.inbox = whose AND m.inbox <> '' AND m.created_at > since AND m.state <> 'dropped'
        LIMIT most) found
$$;

-- Where the link with this id is: enough to enter that workspace and look at it there. The id comes out of a token
-- whose MAC was right.
CREATE OR REPLACE FUNCTION dojang_link(token_id uuid)
RETURNS TABLE (workspace_id bigint, link_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.workspace_id, l.id FROM links_link l WHERE l.id = token_id
$$;

-- The next serial of an issue id: unique for a registration and a day over all workspaces. A serial that a
-- rolled-back transaction took comes again, since nothing was made with it.
--
-- The NTS may know issue ids that this database has forgotten: those that were given after the backup that was
-- restored, or by another installation under the same registration. So counting begins at a random one of 36^8 (in
-- their lower half, to have room), and begins anew whenever the server was started or the table made since, which
-- every way of restoring does.
CREATE OR REPLACE FUNCTION dojang_issue_serials(registration_number text, day_written date, how_many integer)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    first bigint;
    life_now text := extract(epoch FROM pg_postmaster_start_time()) || ' ' || 'invoices_issueserial'::regclass::oid;
BEGIN
    -- Counting backwards would give serials a second time.
    IF how_many IS NULL OR how_many < 1 OR how_many > 100000 THEN
        RAISE EXCEPTION 'from 1 to 100000 serials at a time' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO invoices_issueserial AS serial (registration, day, last, life)
    VALUES (registration_number, day_written, floor(random() * 1400000000000)::bigint + how_many, life_now)
    ON CONFLICT (registration, day) DO UPDATE SET
        last = CASE WHEN serial.life = excluded.life THEN serial.last + how_many ELSE excluded.last END,
        life = excluded.life
    RETURNING last - how_many + 1 INTO first;
    RETURN first;
END $$;

-- What was finished is what was looked at, and what was signed is signed: a draft alone changes its content, and an
-- issued invoice keeps its number and never becomes a draft again, whoever asks.
CREATE OR REPLACE FUNCTION dojang_keep_invoice() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.content, OLD.secret, OLD.business_id, OLD.document_type, OLD.amendment_reason, OLD.original_issue_id,
        OLD.supplier_number, OLD.supplier_name, OLD.buyer_number, OLD.buyer_name, OLD.buyer_email, OLD.item_name, OLD.item_count, OLD.purpose,
        OLD.written_on, OLD.issue_by, OLD.supply_amount, OLD.tax_amount, OLD.total_amount)
        IS DISTINCT FROM
       (NEW.content, NEW.secret, NEW.business_id, NEW.document_type, NEW.amendment_reason, NEW.original_issue_id,
        NEW.supplier_number, NEW.supplier_name, NEW.buyer_number, NEW.buyer_name, NEW.buyer_email, NEW.item_name, NEW.item_count, NEW.purpose,
        NEW.written_on, NEW.issue_by, NEW.supply_amount, NEW.tax_amount, NEW.total_amount)
    THEN
        RAISE EXCEPTION 'invoice % is no draft: its content stays', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.issue_id IS NOT NULL AND (
        (OLD.issue_id, OLD.content_hash, OLD.way_out, OLD.issued_at)
        IS DISTINCT FROM (NEW.issue_id, NEW.content_hash, NEW.way_out, NEW.issued_at)
        OR NEW.deleted_at IS NOT NULL OR NEW.state IN ('draft', 'awaiting_approval', 'ready')
    )
    THEN
        RAISE EXCEPTION 'invoice % was issued: it stays so', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

-- Issued invoices whose time to be transmitted has come, oldest deadline first. Only where they are, nothing of them.
CREATE OR REPLACE FUNCTION dojang_due_invoices(now timestamptz, way text, how_many integer)
RETURNS TABLE (workspace_id bigint, invoice_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.workspace_id, i.id FROM invoices_invoice i
    WHERE i.state = 'issued' AND i.transmit_at <= now AND i.way_out = way
    ORDER BY i.transmit_at, i.id LIMIT how_many
$$;

-- Where the invoices of a submission are, so that results can be applied in each workspace.
CREATE OR REPLACE FUNCTION dojang_submission_invoices(submission bigint)
RETURNS TABLE (workspace_id bigint, invoice_id bigint, issue_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.workspace_id, i.id, i.issue_id
    FROM transmission_submissionitem s JOIN invoices_invoice i ON i.id = s.invoice_id
    WHERE s.submission_id = submission
    ORDER BY i.workspace_id, s.position
$$;

-- Lays accepted invoices of the open workspace where their buyer will find them: with every business that has the
-- buyer's number and proved by a certificate that still stands that the number is its own. Anybody can type a number;
-- without the proof, whoever typed one would read what others bought. Within one workspace nothing is learnt.
-- Gives nothing back: a sender does not learn who else is on this server. Documents that name a person are encrypted
-- for their workspace and have no business as their buyer. What is there already is not laid twice.
-- A consigned document (위수탁) goes in the same way to whose sale it is: the supplier that the broker names. And so
-- does what a supplier signed behind a link, in a guest's workspace: it is a sale of the supplier all the same.
-- A buyer that wrote the document itself and had it signed (역발행) needs no proof for that one.
CREATE OR REPLACE FUNCTION dojang_deliver(invoices bigint[], at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO records_delivery
        (workspace_id, business_id, issue_id, document, way_out, issued_on, sent_on, delivered_at, refused)
    SELECT b.workspace_id, b.id, i.issue_id, d.document, i.way_out,
        COALESCE(i.delivered_on, (i.issued_at AT TIME ZONE 'Asia/Seoul')::date),
        i.sent_on, at, ''
    FROM invoices_invoice i
    JOIN invoices_signeddocument d ON d.invoice_id = i.id
    JOIN workspaces_workspace here ON here.id = i.workspace_id
    JOIN workspaces_business own ON own.id = i.business_id
    JOIN workspaces_business b
        ON b.number = ANY (ARRAY[i.buyer_number, i.supplier_number, CASE WHEN here.guest THEN own.number ELSE '' END])
        AND b.number <> '' AND b.archived_at IS NULL
    JOIN workspaces_workspace w ON w.id = b.workspace_id AND w.closed_at IS NULL AND NOT w.guest
    WHERE i.id = ANY (invoices)
      AND i.workspace_id = current_setting('dojang.workspace')::bigint
      AND i.state = 'accepted' AND get_byte(d.document, 0) = 1
      AND (b.workspace_id = i.workspace_id OR EXISTS (
          SELECT FROM certificates_certificate c
          WHERE c.business_id = b.id AND c.verdict = 'matches' AND c.removed_at IS NULL
            AND c.revocation <> 'revoked' AND c.not_before <= at AND c.not_after > at)
          OR EXISTS (
          SELECT FROM reverse_incomingreverse n JOIN reverse_reverserequest q ON q.id = n.origin_request
          WHERE n.invoice_id = i.id AND q.business_id = b.id AND q.issue_id = i.issue_id AND q.state = 'signed'))
    ON CONFLICT DO NOTHING
$$;

-- The same for one business of the open workspace that has just proved its number: what was accepted since a day.
CREATE OR REPLACE FUNCTION dojang_deliver_to(business bigint, since date, at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO records_delivery
        (workspace_id, business_id, issue_id, document, way_out, issued_on, sent_on, delivered_at, refused)
    SELECT b.workspace_id, b.id, i.issue_id, d.document, i.way_out,
        COALESCE(i.delivered_on, (i.issued_at AT TIME ZONE 'Asia/Seoul')::date),
        i.sent_on, at, ''
    FROM workspaces_business b
    JOIN workspaces_workspace w ON w.id = b.workspace_id AND w.closed_at IS NULL AND NOT w.guest
    CROSS JOIN LATERAL (
        SELECT o.id, 'purchase' AS side FROM invoices_invoice o
        WHERE o.buyer_number = b.number AND o.state = 'accepted' AND o.written_on >= since
        UNION ALL
        SELECT o.id, 'sales' FROM invoices_invoice o
        WHERE o.supplier_number = b.number AND o.supplier_number <> '' AND o.state = 'accepted' AND o.written_on >= since
        UNION ALL
        SELECT o.id, 'sales' FROM workspaces_business own
        JOIN workspaces_workspace guest ON guest.id = own.workspace_id AND guest.guest
        JOIN invoices_invoice o ON o.workspace_id = own.workspace_id AND o.business_id = own.id
        WHERE own.number = b.number AND o.state = 'accepted' AND o.written_on >= since
    ) owed
    JOIN invoices_invoice i ON i.id = owed.id
    JOIN invoices_signeddocument d ON d.invoice_id = i.id
    WHERE b.id = business AND b.workspace_id = current_setting('dojang.workspace')::bigint
      AND b.archived_at IS NULL
      AND get_byte(d.document, 0) = 1
      AND EXISTS (
          SELECT FROM certificates_certificate c
          WHERE c.business_id = b.id AND c.verdict = 'matches' AND c.removed_at IS NULL
            AND c.revocation <> 'revoked' AND c.not_before <= at AND c.not_after > at)
      AND NOT EXISTS (
          SELECT FROM records_record r
          WHERE r.workspace_id = b.workspace_id AND r.business_id = b.id AND r.side = owed.side
            AND r.issue_id = i.issue_id AND r.deleted_at IS NULL AND r.sha256 <> '')
    ON CONFLICT DO NOTHING
$$;

-- Workspaces in which documents wait to be taken in; in a closed one they wait until it is opened again.
CREATE OR REPLACE FUNCTION dojang_delivered_workspaces()
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT d.workspace_id FROM records_delivery d
    JOIN workspaces_workspace w ON w.id = d.workspace_id AND w.closed_at IS NULL
    WHERE d.refused = '' ORDER BY d.workspace_id
$$;

-- 역발행. A request of the open workspace is laid with every business of its supplier's number that proved it, as
-- `dojang_deliver` does, or that is in the same workspace. Gives nothing back: a buyer does not learn who is here.
CREATE OR REPLACE FUNCTION dojang_lay_reverse(request bigint, at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO reverse_incomingreverse
        (workspace_id, business_id, state, content, content_hash, document_type, item_name, item_count, written_on,
         issue_by, supply_amount, tax_amount, total_amount, message, expires_at, reason, origin_workspace,
         origin_request, requester_number, requester_name, arrived_at)
    SELECT b.workspace_id, b.id, q.state, q.content, q.content_hash, q.document_type, q.item_name, q.item_count,
        q.written_on, q.issue_by, q.supply_amount, q.tax_amount, q.total_amount, q.message, q.expires_at, '',
        q.workspace_id, q.id, asker.number, asker.name, at
    FROM reverse_reverserequest q
    JOIN workspaces_business asker ON asker.id = q.business_id
    JOIN workspaces_business b ON b.number = q.supplier_number AND b.archived_at IS NULL
    JOIN workspaces_workspace w ON w.id = b.workspace_id AND w.closed_at IS NULL AND NOT w.guest
    WHERE q.id = request AND q.workspace_id = current_setting('dojang.workspace')::bigint AND q.state = 'requested'
      AND (b.workspace_id = q.workspace_id OR EXISTS (
          SELECT FROM certificates_certificate c
          WHERE c.business_id = b.id AND c.verdict = 'matches' AND c.removed_at IS NULL
            AND c.revocation <> 'revoked' AND c.not_before <= at AND c.not_after > at))
    ON CONFLICT DO NOTHING
$$;

-- Workspaces that would have been found, had they been here or proved their number when a request was made.
CREATE OR REPLACE FUNCTION dojang_unlaid_reverse(at timestamptz)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT b.workspace_id
    FROM reverse_reverserequest q
    JOIN workspaces_workspace asks ON asks.id = q.workspace_id AND asks.closed_at IS NULL
    JOIN workspaces_business b ON b.number = q.supplier_number AND b.archived_at IS NULL
    JOIN workspaces_workspace w ON w.id = b.workspace_id AND w.closed_at IS NULL AND NOT w.guest
    WHERE q.state = 'requested' AND q.expires_at > at
      AND (b.workspace_id = q.workspace_id OR EXISTS (
          SELECT FROM certificates_certificate c
          WHERE c.business_id = b.id AND c.verdict = 'matches' AND c.removed_at IS NULL
            AND c.revocation <> 'revoked' AND c.not_before <= at AND c.not_after > at))
      AND NOT EXISTS (
          SELECT FROM reverse_incomingreverse n
          WHERE n.workspace_id = b.workspace_id AND n.origin_request = q.id)
    ORDER BY b.workspace_id
$$;

-- Such requests, laid in the open workspace; each held meanwhile, so that none is laid that has just ended.
CREATE OR REPLACE FUNCTION dojang_lay_reverse_here(at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO reverse_incomingreverse
        (workspace_id, business_id, state, content, content_hash, document_type, item_name, item_count, written_on,
         issue_by, supply_amount, tax_amount, total_amount, message, expires_at, reason, origin_workspace,
         origin_request, requester_number, requester_name, arrived_at)
    SELECT b.workspace_id, b.id, q.state, q.content, q.content_hash, q.document_type, q.item_name, q.item_count,
        q.written_on, q.issue_by, q.supply_amount, q.tax_amount, q.total_amount, q.message, q.expires_at, '',
        q.workspace_id, q.id, asker.number, asker.name, at
    FROM workspaces_business b
    JOIN workspaces_workspace w ON w.id = b.workspace_id AND w.closed_at IS NULL AND NOT w.guest
    JOIN reverse_reverserequest q ON q.supplier_number = b.number
    JOIN workspaces_workspace asks ON asks.id = q.workspace_id AND asks.closed_at IS NULL
    JOIN workspaces_business asker ON asker.id = q.business_id
    WHERE b.workspace_id = current_setting('dojang.workspace')::bigint AND b.archived_at IS NULL
      AND q.state = 'requested' AND q.expires_at > at
      AND (b.workspace_id = q.workspace_id OR EXISTS (
          SELECT FROM certificates_certificate c
          WHERE c.business_id = b.id AND c.verdict = 'matches' AND c.removed_at IS NULL
            AND c.revocation <> 'revoked' AND c.not_before <= at AND c.not_after > at))
    ORDER BY q.id
    FOR SHARE OF q
    ON CONFLICT DO NOTHING
$$;

-- The request behind one that was laid in the open workspace, locked until this transaction has ended: only where the
-- workspace is the guest's that was made for it, or has a business of the supplier's number that it was laid with: in
-- the buyer's own workspace, or one that has proved its number, even if the certificate has run out since. A closed
-- workspace asks nothing of anybody.
CREATE OR REPLACE FUNCTION dojang_hold_reverse(incoming bigint)
RETURNS TABLE (state text, expires_at timestamptz, content_hash text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT (CASE WHEN w.closed_at IS NULL OR q.state <> 'requested' THEN q.state ELSE 'withdrawn' END)::text,
        q.expires_at, q.content_hash::text
    FROM reverse_incomingreverse n
    JOIN reverse_reverserequest q ON q.id = n.origin_request AND q.workspace_id = n.origin_workspace
    JOIN workspaces_workspace w ON w.id = q.workspace_id
    WHERE n.id = incoming AND n.workspace_id = current_setting('dojang.workspace')::bigint
      AND (q.guest = n.workspace_id OR EXISTS (
          SELECT FROM workspaces_business b
          JOIN workspaces_workspace here ON here.id = b.workspace_id AND NOT here.guest
          WHERE b.workspace_id = n.workspace_id AND b.id = n.business_id AND b.number = q.supplier_number
            AND (b.workspace_id = q.workspace_id OR EXISTS (
                SELECT FROM certificates_certificate c WHERE c.business_id = b.id AND c.verdict = 'matches'))))
    FOR UPDATE OF q;
END $$;

-- What the supplier in the open workspace made of it: written into the buyer's request, with its event, and told to
-- all others in whose workspaces it was laid. False where it was over before, and where the supplier's document says
-- otherwise: only what was signed here as it was asked for is signed, only that is taken back or was not accepted.
CREATE OR REPLACE FUNCTION dojang_settle_reverse(
    incoming bigint, outcome text, at timestamptz, actor_kind text, ip text, why text, issued text, way text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before text;
    asked reverse_reverserequest;
BEGIN
    before := CASE outcome WHEN 'signed' THEN 'requested' WHEN 'refused' THEN 'requested'
        WHEN 'cancelled' THEN 'signed' WHEN 'failed' THEN 'signed' END;
    IF before IS NULL OR (SELECT h.state FROM dojang_hold_reverse(incoming) h) IS DISTINCT FROM before THEN
        RETURN false;
    END IF;
    SELECT q.* INTO asked FROM reverse_incomingreverse n JOIN reverse_reverserequest q ON q.id = n.origin_request
    WHERE n.id = incoming;
    IF outcome <> 'refused' AND NOT EXISTS (
        SELECT FROM reverse_incomingreverse n
        JOIN invoices_invoice i ON i.id = n.invoice_id
        JOIN invoices_signeddocument d ON d.invoice_id = i.id
        WHERE n.id = incoming AND i.content_hash = asked.content_hash
          AND i.issue_id = CASE outcome WHEN 'signed' THEN issued ELSE asked.issue_id END
          AND i.state = CASE outcome WHEN 'signed' THEN 'issued' WHEN 'cancelled' THEN 'cancelled' ELSE 'rejected' END)
    THEN
        RETURN false;
    END IF;
    UPDATE reverse_reverserequest SET state = outcome, untold = outcome, reason = why, changed_at = at,
        answered_at = CASE WHEN before = 'requested' THEN at ELSE answered_at END,
        issue_id = CASE outcome WHEN 'signed' THEN issued ELSE issue_id END,
        way_out = CASE outcome WHEN 'signed' THEN way ELSE way_out END,
        version = version + 1
    WHERE id = asked.id;
    INSERT INTO reverse_reverseevent (workspace_id, request_id, at, actor_kind, actor_id, address, action, data)
    VALUES (asked.workspace_id, asked.id, at, actor_kind, NULL, ip, outcome, jsonb_strip_nulls(jsonb_build_object(
        'reason', NULLIF(why, ''), 'issue_id', NULLIF(issued, ''))));
    UPDATE reverse_incomingreverse SET state = outcome, reason = why,
        answered_at = CASE WHEN before = 'requested' THEN at ELSE answered_at END
    WHERE origin_request = asked.id AND origin_workspace = asked.workspace_id;
    RETURN true;
END $$;

-- What the buyer in the open workspace made of its request, told where it was laid.
CREATE OR REPLACE FUNCTION dojang_echo_reverse(request bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE reverse_incomingreverse n SET state = q.state, reason = q.reason
    FROM reverse_reverserequest q
    WHERE q.id = request AND q.workspace_id = current_setting('dojang.workspace')::bigint
      AND n.origin_request = q.id AND n.origin_workspace = q.workspace_id
$$;

-- Workspaces with something to see to: requests that have ended, whose end is near or that are to be told, and what
-- was made of a request that has ended otherwise, or that the tax office did not take.
CREATE OR REPLACE FUNCTION dojang_reverse_workspaces(until timestamptz)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT q.workspace_id FROM reverse_reverserequest q
    JOIN workspaces_workspace w ON w.id = q.workspace_id AND w.closed_at IS NULL
    WHERE q.untold <> '' OR (q.state = 'requested' AND q.expires_at <= until)
    UNION
    SELECT n.workspace_id FROM reverse_incomingreverse n
    JOIN workspaces_workspace w ON w.id = n.workspace_id AND w.closed_at IS NULL
    JOIN invoices_invoice i ON i.id = n.invoice_id AND i.deleted_at IS NULL
    WHERE (n.state <> 'requested' AND i.state IN ('draft', 'awaiting_approval', 'ready'))
       OR (n.state = 'signed' AND i.state = 'rejected')
$$;

-- Guests' workspaces that are not needed any more: nothing was ever issued in them, nobody is a member, and what they
-- were made for came to nothing before that time. Where something was issued, its documents have to be kept.
CREATE OR REPLACE FUNCTION dojang_ended_guests(before timestamptz)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT w.id FROM reverse_reverserequest q
    JOIN workspaces_workspace w ON w.id = q.guest AND w.guest
    WHERE ((q.state IN ('refused', 'withdrawn', 'expired') AND q.changed_at <= before)
        -- In a workspace that was closed nothing runs out by itself, and nothing is signed after its time either.
        OR (q.state = 'requested' AND q.expires_at <= before))
      AND NOT EXISTS (SELECT FROM workspaces_membership m WHERE m.workspace_id = w.id)
      AND NOT EXISTS (SELECT FROM invoices_invoice i WHERE i.workspace_id = w.id AND i.issue_id IS NOT NULL)
      AND NOT EXISTS (SELECT FROM invoices_signeddocument d WHERE d.workspace_id = w.id)
    ORDER BY w.id
$$;

-- The open workspace with all that is in it, its history too, where it is one of those; whether it was. The request
-- stays, locked first as by everybody. Only tables of this schema, which the application cannot make.
CREATE OR REPLACE FUNCTION dojang_remove_guest(before timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here bigint := current_setting('dojang.workspace')::bigint;
    one regclass;
BEGIN
    PERFORM FROM reverse_reverserequest q WHERE q.guest = here FOR UPDATE;
    IF NOT EXISTS (SELECT FROM dojang_ended_guests(before) ended WHERE ended = here) THEN
        RETURN false;
    END IF;
    PERFORM set_config('dojang.removing', 'guest', true);
    FOR one IN SELECT p.polrelid::regclass FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
               WHERE p.polname = 'tenant' AND c.relnamespace = 'public'::regnamespace
                 AND c.oid <> 'public.workspaces_workspace'::regclass
    LOOP
        EXECUTE format('DELETE FROM %s WHERE workspace_id = $1', one) USING here;
    END LOOP;
    DELETE FROM workspaces_workspace WHERE id = here;
    PERFORM set_config('dojang.removing', '', true);
    UPDATE reverse_reverserequest SET guest = NULL WHERE guest = here;
    RETURN true;
END $$;

-- Workspaces whose requests for billing data have ended, or whose end is near and was not reminded of.
CREATE OR REPLACE FUNCTION dojang_billing_workspaces(now timestamptz, soon timestamptz)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT q.workspace_id FROM billing_billingrequest q
    JOIN workspaces_workspace w ON w.id = q.workspace_id AND w.closed_at IS NULL
    WHERE q.state = 'asked' AND (q.expires_at <= now OR (q.expires_at <= soon AND q.reminded_at IS NULL))
$$;

-- Workspaces, closed ones too, with answers to such requests that nobody took over in time: they are not to be kept.
CREATE OR REPLACE FUNCTION dojang_unconfirmed_billing(before timestamptz, now timestamptz)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT q.workspace_id FROM billing_billingrequest q
    WHERE q.state = 'answered' AND q.answered_at < before AND q.expires_at <= now
    UNION
    SELECT q.workspace_id FROM billing_billingrequest q
    WHERE q.state = 'asked' AND q.answered_at IS NOT NULL AND q.expires_at < before
$$;

-- Workspaces with lists of Hometax that nobody has worked on for a while, or that are not to be kept any longer.
CREATE OR REPLACE FUNCTION dojang_hometax_workspaces(stale timestamptz, now timestamptz)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT l.workspace_id FROM hometax_listimport l
    JOIN workspaces_workspace w ON w.id = l.workspace_id AND w.closed_at IS NULL
    WHERE (l.state IN ('waiting', 'reading', 'taking') AND l.beat_at < stale) OR l.kept_until < now
    ORDER BY l.workspace_id
$$;

-- Workspaces with mails whose time has come; nothing of the mails.
CREATE OR REPLACE FUNCTION dojang_due_mails(now timestamptz)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.workspace_id FROM notices_outgoingmail m
    WHERE m.state = 'waiting' AND m.next_attempt_at <= now
    GROUP BY m.workspace_id ORDER BY min(m.next_attempt_at)
$$;

-- Workspaces with events that no seal covers yet.
CREATE OR REPLACE FUNCTION dojang_unsealed_workspaces()
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT workspace_id FROM audit_unsealed ORDER BY workspace_id
$$;

-- Workspaces that are not closed, for what reminds people or asks others in their name. Guests have no people.
CREATE OR REPLACE FUNCTION dojang_open_workspaces()
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM workspaces_workspace WHERE closed_at IS NULL AND NOT guest ORDER BY id
$$;

-- Every workspace, for the work that is done in each (expiry, revocation lists, verification of histories).
CREATE OR REPLACE FUNCTION dojang_workspaces()
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM workspaces_workspace ORDER BY id
$$;

-- Text search in lists, in the open workspace alone. LIKE is not leakproof: under row-level security neither the index
-- of trigrams nor what PostgreSQL knows of the text is used. All words must be found; newest first, between two days
-- if they are given, so many. Nothing is told but ids of rows that the workspace's own policy shows as well.
CREATE OR REPLACE FUNCTION dojang_search_invoices(patterns text[], since date, until date, how_many integer)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT id FROM invoices_invoice WHERE workspace_id = %s AND deleted_at IS NULL AND %s AND %s AND %s
         ORDER BY written_on DESC, id DESC LIMIT %s',
        current_setting('dojang.workspace')::bigint,
        (SELECT COALESCE(string_agg(format('search LIKE %L', one), ' AND '), 'false') FROM unnest(patterns) one),
        CASE WHEN since IS NULL THEN 'true' ELSE format('written_on >= %L', since) END,
        CASE WHEN until IS NULL THEN 'true' ELSE format('written_on <= %L', until) END,
        COALESCE(how_many, 0));
END $$;

CREATE OR REPLACE FUNCTION dojang_search_records(on_side text, patterns text[], since date, until date, how_many integer)
RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT id FROM records_record WHERE workspace_id = %s AND side = %L AND deleted_at IS NULL AND %s AND %s AND %s
         ORDER BY written_on DESC, id DESC LIMIT %s',
        current_setting('dojang.workspace')::bigint,
        on_side,
        (SELECT COALESCE(string_agg(format('search LIKE %L', one), ' AND '), 'false') FROM unnest(patterns) one),
        CASE WHEN since IS NULL THEN 'true' ELSE format('written_on >= %L', since) END,
        CASE WHEN until IS NULL THEN 'true' ELSE format('written_on <= %L', until) END,
        COALESCE(how_many, 0));
END $$;

DO $$
DECLARE one regprocedure;
BEGIN
    FOR one IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
               WHERE n.nspname = 'public' AND p.proname LIKE 'dojang\_%'
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {{application_role}}', one);
    END LOOP;
END $$;
