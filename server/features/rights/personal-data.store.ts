import {
  ofAccount,
  ofContact,
  ofCustomer,
  ofEvidence,
  ofOperation,
  ofOrder,
  ofPending,
  ofRequest,
  ofReview,
  ofTie,
  orderNo,
} from './whose.store.ts'
import { ASKED } from './asked-data.store.ts'
import { TOLD } from './told-data.store.ts'

/** A table with rows about a person. Columns stand in exactly one of `shown` and `hidden`. */
export type PersonalTable = {
  table: string
  /** Of its section in an export. */
  section: string
  /** Which rows are about him. */
  of: string
  /** Columns that an export tells. */
  shown: string
  /** Columns that it does not: our own numbers, and hashes, which say nothing to him. */
  hidden: string
  /** What an export tells besides: name and expression. */
  beside?: Readonly<Record<string, string>>
  /** `kept`: the rows stay, without what names him (erase.ts). */
  fate: 'deleted' | 'kept'
}

/**
 * Every table with rows about customers, in an order in which their rows can be deleted: what an export tells of each, and
 * what an erasure does. Whoever adds a table or a column says here or below what becomes of it: a test compares both lists
 * with the database.
 */
export const PERSONAL: readonly PersonalTable[] = [
  {
    table: 'operation_log',
    section: '操作记录',
    of: ofOperation,
    shown: 'at operator_userid operation target_type before after reason operation_detail',
    hidden: 'id target_id request_id',
    fate: 'kept',
  },
  {
    table: 'kf_messages',
    section: '客服消息（不含内容）',
    of: ofContact,
    shown: 'sent_at received_at handled_at external_userid origin outcome',
    hidden: 'id open_kfid msgid intent',
    fate: 'deleted',
  },
  ...TOLD,
  ...ASKED,
  {
    table: 'order_claims',
    section: '按订单号查找的记录',
    of: `${ofCustomer} or ${ofAccount}`,
    shown: 'claimed_at found',
    hidden: 'id customer_id account_id',
    fate: 'deleted',
  },
  {
    table: 'reviews',
    section: '人工核实',
    of: ofReview,
    shown:
      'opened_at kind member_userid detail phone_masked answer answered_by answered_at effective_at escalated_at closed_at closed_by close_reason',
    hidden: 'id external_userid customer_id phone_hmac',
    fate: 'deleted',
  },
  {
    table: 'number_answers',
    section: '号码归属的回答',
    of: ofContact,
    shown: 'answered_at kind since answered_by reason',
    hidden: 'id external_userid phone_hmac',
    fate: 'deleted',
  },
  {
    table: 'code_tries',
    section: '输错绑定码的记录',
    of: ofContact,
    shown: 'tried_at to_people',
    hidden: 'id external_userid source_id',
    fate: 'deleted',
  },
  {
    table: 'code_pauses',
    section: '绑定码暂停的记录',
    of: ofContact,
    shown: 'began_at ends_at',
    hidden: 'id external_userid source_id',
    fate: 'deleted',
  },
  {
    table: 'tickets',
    section: '确认卡片',
    of: `${ofContact} or used_by = any(:accounts::bigint[])
      or pending_id = any(array(select id from pending_bindings where ${ofPending}))`,
    shown: 'kind issued_at expires_at used_at outcome member_userid',
    hidden: 'id token_hash pending_id external_userid used_by',
    fate: 'deleted',
  },
  {
    table: 'pending_bindings',
    section: '绑定申请',
    of: ofPending,
    shown: 'created_at via state reason expires_at decided_at',
    hidden:
      'id account_id external_userid open_kfid bind_code_id source_id welcome_code welcome_until',
    fate: 'deleted',
  },
  {
    table: 'bind_codes',
    section: '绑定码的时间',
    of: ofAccount,
    shown: 'issued_at expires_at status ended_at digits',
    hidden: 'id account_id code_hmac nonce_hash',
    fate: 'deleted',
  },
  {
    table: 'binding_history',
    section: '绑定历史',
    of: ofTie,
    shown: 'at decision outcome actor phone_masked detail',
    hidden: 'id account_id external_userid customer_id',
    fate: 'deleted',
  },
  {
    table: 'evidence',
    section: '身份依据',
    of: ofEvidence,
    shown:
      'observed_at kind member_userid phone_masked reason valid_until revoked_at revoked_reason created_at',
    hidden: 'id account_id external_userid customer_id phone_hmac event_id source_id',
    fate: 'deleted',
  },
  {
    table: 'customer_accounts',
    section: '绑定关系',
    of: ofTie,
    shown: 'app external_userid tied_at tied_by ended_at ended_by told_in_chat',
    hidden: 'id customer_id account_id evidence_id',
    fate: 'deleted',
  },
  {
    table: 'pair_endings',
    section: '解除的绑定',
    of: ofPending,
    shown: 'external_userid ended_at ended_by',
    hidden: 'id account_id',
    fate: 'deleted',
  },
  {
    table: 'temp_bindings',
    section: '填写的手机号',
    of: ofAccount,
    shown: 'created_at phone_number wechat_openid status expires_at bound_at contested_at',
    hidden: 'id account_id phone_hmac rival_of',
    fate: 'deleted',
  },
  {
    table: 'media',
    section: '上传的图片',
    of: ofAccount,
    shown: 'created_at width height bytes subject_kind attached_at removed_at',
    hidden: 'id account_id member_userid key_name subject_id sha256',
    fate: 'deleted',
  },
  {
    table: 'advisor_join_tries',
    section: '尝试顾问邀请的次数',
    of: ofAccount,
    shown: 'tries since',
    hidden: 'account_id',
    fate: 'deleted',
  },
  // The company's page about who works there; that it is his account ends with the account.
  {
    table: 'advisors',
    section: '顾问身份',
    of: ofAccount,
    shown: 'name title summary resume services joined_at',
    hidden: 'id photo_id member_userid active account_id created_at updated_at',
    fate: 'kept',
  },
  {
    table: 'sessions',
    section: '登录',
    of: ofAccount,
    shown: 'created_at expires_at',
    hidden: 'token_hash account_id',
    fate: 'deleted',
  },
  {
    table: 'project_parties',
    section: '订单归属',
    of: `${ofCustomer} or (phone_hmac = any(:phones::bytea[]) and customer_id is null)`,
    shown:
      'role name name_then state strength shown created_at decided_at confirmed_at settled_how',
    hidden: 'id project_id customer_id phone_hmac decided_row shown_row settled_by',
    beside: orderNo,
    fate: 'deleted',
  },
  {
    table: 'project_stages',
    section: '订单阶段',
    of: ofOrder,
    shown: 'name status planned_at done_at note',
    hidden: 'project_id position',
    beside: orderNo,
    fate: 'kept',
  },
  {
    table: 'project_equipment',
    section: '设备档案',
    of: ofOrder,
    shown: 'name model serial_no installed_at warranty_until',
    hidden: 'project_id position',
    beside: orderNo,
    fate: 'kept',
  },
  {
    table: 'projects',
    section: '订单',
    of: 'id = any(:orders::uuid[])',
    shown:
      'order_no title status stage address order_info signed_at finished_at next_at created_at updated_at hidden_at hidden_reason',
    hidden:
      'id designer_userid project_manager_userid content_hash imported status_stated status_kind stages_done stages_total',
    fate: 'kept',
  },
  {
    table: 'rights_requests',
    section: '个人信息申请',
    of: ofRequest,
    shown: 'kind requested_at closed_at closed_by outcome reason',
    hidden: 'id account_id customer_id',
    fate: 'kept',
  },
  {
    table: 'wework_customer_events',
    section: '添加和删除的事件',
    of: ofContact,
    shown:
      'created_at event_type external_userid employee_userid customer_phone add_way state raw_event_data followed_at',
    hidden: 'id callback_id',
    fate: 'deleted',
  },
  {
    table: 'contact_follows',
    section: '员工的备注',
    of: ofContact,
    shown:
      'external_userid userid add_way oper_userid state remark remark_mobiles first_mobiles mobiles_seen_at followed_at fetched_at ended_at transferred_at',
    hidden: 'missed_pulls',
    fate: 'deleted',
  },
  {
    table: 'contacts',
    section: '企业微信联系人',
    of: ofContact,
    shown: 'external_userid name type company unionid identity_checked_at fetched_at created_at',
    hidden: '',
    fate: 'deleted',
  },
  {
    table: 'accounts',
    section: '微信帐号',
    of: 'id = any(:accounts::bigint[])',
    shown: 'app openid unionid created_at signed_in_at identity_checked_at phone_change_told_at',
    hidden: 'id',
    fate: 'deleted',
  },
  {
    table: 'customers',
    section: '客户',
    of: 'id = any(:customers::bigint[])',
    shown:
      'customer_no name company phone wework_userid wechat_openid binding_status bound_at bound_by suspended_reason created_at updated_at',
    hidden: 'id phone_hmac merged_into',
    fate: 'deleted',
  },
]
